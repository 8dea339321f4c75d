"""What farsync reads and writes in AWS beside secrets: executions and their histories, task tokens, queues."""
