"""quotes: a searchable database of what statesmen said, built from news articles."""
