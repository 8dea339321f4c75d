"""A model of everything around the layer's code: time, AWS, a provider, and whatever goes wrong with them.

The code of the layer runs as it is, millions of its effects in minutes; the promises are checked from outside.
"""
