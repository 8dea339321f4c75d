"""A model of everything around the layer's code: time, AWS, a provider, and what goes wrong with them.

The code of the layer runs as it is, millions of its effects in minutes; the promises are judged from outside.
"""
