"""AWS as functions use it: signed calls, queues, task tokens, and the names of executions as the ledger of runs."""
