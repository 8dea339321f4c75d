"""What is emitted: ends of executions, runs without one, people who are waited for, backfills that are over. Pure."""
