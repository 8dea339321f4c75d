"""What is emitted: completion, run and backfill events as CloudEvents, their size and texts, and what a run costs."""
