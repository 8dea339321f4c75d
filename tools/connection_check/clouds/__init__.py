"""The part of the check that only one cloud has: a module for each, named by the word that a connection's `provider`
gives, with `check_of`, which makes its `Cloud`. Beside it stand the fields and words that the provider's pages know.
"""
