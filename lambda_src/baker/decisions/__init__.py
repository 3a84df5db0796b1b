"""What is decided without AWS: pure functions over the project's own types.

An error here is the decision that a bake cannot go on.
"""
