# The habits of this project: `just` lists them. https://just.systems

python := ".venv/bin/python"

default:
    @just --list

# Create the environment, with all that tests need.
setup:
    python3 -m venv .venv
    .venv/bin/pip install -c constraints.txt -e '.[test]'

# Renew constraints.txt: the newest versions that pyproject.toml allows, for every Python.
lock:
    {{python}} -m pip install uv
    .venv/bin/uv pip compile pyproject.toml --upgrade --universal --python-version 3.10 --extra test --extra browser --no-emit-package pip --no-annotate --no-python-downloads --quiet --custom-compile-command "just lock" --output-file constraints.txt

# Run the tests; arguments go to pytest.
test *arguments:
    .venv/bin/pytest {{arguments}}

# Run the tests in a browser; needs Chromium (apt-get install chromium) and npm.
browser *arguments:
    npm install --prefix tests/browser --no-package-lock --ignore-scripts --no-audit --no-fund
    .venv/bin/pip install -c constraints.txt -e '.[test,browser]'
    .venv/bin/pytest tests/browser {{arguments}}

# Make the pictures of the pages anew.
screenshots database="quotes.db":
    {{python}} docs/screenshots.py {{database}}

# Check style and types.
lint:
    .venv/bin/ruff check
    .venv/bin/ruff format --check
    .venv/bin/mypy

# Write the generated pages and the README's outputs anew.
docs:
    {{python}} docs/schema.py > docs/schema.md
    {{python}} docs/commands.py > docs/commands.md
    {{python}} tests/test_readme.py

# Measure a build of a folder: time, memory, a second run.
bench folder="articles":
    {{python}} benchmarks/build.py {{folder}}

# Build articles/ and serve the database.
serve: 
    {{python}} build_db.py
    .venv/bin/datasette quotes.db -m metadata.yml --setting suggest_facets off
