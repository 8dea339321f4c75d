"""What a run costs, and how late its end is known, in farsync's way and in others."""
