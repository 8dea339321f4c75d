"""Replies that are documented but nasty, for every operation of both providers, and all that we make of them.

`make nasty-replies EXAMPLES=1000000 SEED=7` runs as many as one likes; the tests run some hundreds.
"""
