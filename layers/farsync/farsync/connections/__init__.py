"""Named connections to providers: what their secrets hold, and where they are read from."""
