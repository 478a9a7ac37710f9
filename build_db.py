"""Build the database of quotes: ``python build_db.py --help``, the same as ``quotes build``."""

from quotes.cli.build import build

if __name__ == "__main__":
    build()
