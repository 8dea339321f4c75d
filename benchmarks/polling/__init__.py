"""When to poll, judged on run times: the policy against what hindsight would have chosen."""
