"""One module for each command: its options, what it asks, what it shows."""
