"""A file of schedules: read, checked, and written as a CloudFormation stack beside farsync's own."""
