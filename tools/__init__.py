"""Programs that the Makefile calls: exporting, linting, and a check of a real account."""
