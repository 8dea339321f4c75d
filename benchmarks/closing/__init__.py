"""Whether many closings at once stay within the quotas of Step Functions' reads."""
