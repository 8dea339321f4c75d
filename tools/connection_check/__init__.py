"""A check of a real account that only reads, and a report that can be shown to anybody."""
