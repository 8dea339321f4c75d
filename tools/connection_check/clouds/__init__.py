"""The checks, one package for each cloud, named by the word that a connection's `provider` gives.

Its module `checking` holds `REMEDIES`, which its rejections ask for instead of the common ones, and `check`.
"""
