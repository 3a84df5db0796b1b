"""The project's own types for what AWS shows and what an invocation is given."""
