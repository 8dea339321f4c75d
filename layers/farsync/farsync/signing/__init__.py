"""Signatures as each provider wants them: pure functions of a request, keys and a date, and an auth adapter each."""
