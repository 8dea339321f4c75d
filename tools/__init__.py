"""What the Makefile calls: drawing, exporting, linting, and a look at a real account."""
