"""Which ends of a watched job's executions lack an event, and which belong to a run. Nothing here asks anybody."""
