"""The check of a NAVER Cloud Data Flow account."""
