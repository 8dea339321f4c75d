"""What everything speaks of: jobs, executions, runs, requests, names, errors. Imports nothing else of farsync."""
