"""The HTTP API as data: its routes, and the two OpenAPI documents that are made from them."""
