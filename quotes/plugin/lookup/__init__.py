"""From a question, a key or a name to what the tables hold."""
