"""Counts what a reader of the Lambda has to go through: `make structure`; goals are in `counts`."""
