"""Which ends of a watched job's executions lack an event, and which of them belong to a run. Nothing here asks
anybody.
"""
