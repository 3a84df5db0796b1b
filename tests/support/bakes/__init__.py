"""Bakes in this process: the function and the local AWS, with every call between them in reach."""
