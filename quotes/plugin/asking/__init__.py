"""From what a person types, and the arguments of an address, to a question."""
