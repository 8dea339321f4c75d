"""A state machine as a picture: where states stand, how lines run between them, and both as SVG."""
