"""Shared by the stand-ins of both providers: HTTP, faults on demand, control routes, records, buckets, threads."""
