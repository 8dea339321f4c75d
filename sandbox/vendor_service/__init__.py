"""What the stand-ins of both vendors share: HTTP, faults on demand, the control routes, buckets, threads of work."""
