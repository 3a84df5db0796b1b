"""Everything that `make test` runs, side by side."""
