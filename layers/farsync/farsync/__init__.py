"""The `.sync` of AWS Step Functions for jobs that live in another cloud."""

__version__ = "0.1.0"
