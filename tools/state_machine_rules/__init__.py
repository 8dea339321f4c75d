"""Rules for state machines beyond those of the Amazon States Language; each is a function."""
