"""What the stand-ins of both providers share: HTTP, faults on demand, the control routes, buckets, threads of work."""
