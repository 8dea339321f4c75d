"""What we ask of a state machine beyond what the Amazon States Language asks; a rule a function."""
