"""A function at work: who invoked it, what it answers, what it logs, and what it keeps between invocations."""
