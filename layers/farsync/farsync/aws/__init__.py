"""AWS as functions use it: signed calls, queues, task tokens, and executions by name, which stand in for a database."""
