"""What follows when a run ended without its execution's end: pure judgements of `close_run`."""
