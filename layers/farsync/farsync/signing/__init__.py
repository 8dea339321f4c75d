"""Request signatures: a pure function and a thin requests adapter per vendor."""
