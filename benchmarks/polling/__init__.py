"""When to poll, measured on run times: the policy against what hindsight would have chosen."""
