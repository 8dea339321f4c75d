"""Event source mappings: what Lambda does to bring the messages of a queue to a function."""
