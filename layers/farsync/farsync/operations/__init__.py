"""One module for each function and HTTP route, named as it; and steps that several of them share."""
