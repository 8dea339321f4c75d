"""One module for each function and HTTP route, named as it."""
