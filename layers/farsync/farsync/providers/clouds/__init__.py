"""One module per cloud, named by the word that a connection's `provider` gives.

It holds `CONNECTION`, the model of its connections, and `open_provider(connection, transport, clock)`. Both are found
by the module's name, so that another cloud is another module here and nothing else.
"""
