"""What the Makefile calls: exporting, linting, and a look at a real account."""
