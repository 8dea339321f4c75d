"""What counts as evidence of whose an execution is, after a start that was not confirmed. Pure."""
