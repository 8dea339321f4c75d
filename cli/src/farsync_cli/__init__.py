"""The `farsync` command: what a person asks ten times a day. It asks by `farsync_client`, and shows."""
