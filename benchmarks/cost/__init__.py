"""The cost of a run, and how late its end is detected, in farsync's way and in others."""
