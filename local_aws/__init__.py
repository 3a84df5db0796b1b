"""A local AWS: moto, extended to behave as AWS does as far as this project needs it.

`client.LocalAws` starts, stops and controls it; `services` has a module for each service. It
follows AWS's documentation, knows nothing of what is built on it, and refuses what it does not
know.
"""
