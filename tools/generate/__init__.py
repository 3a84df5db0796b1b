"""The files in this repository that are generated."""
