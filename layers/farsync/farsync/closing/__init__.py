"""What follows when a run ended without its execution's end: pure decisions of `close_run`."""
