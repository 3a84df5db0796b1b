"""A local AWS: moto's server, extended with the behaviours that moto lacks.

One room per service in ``services/``; one door, ``client.LocalAws``: start, stop, state. It follows
AWS's documentation, knows nothing of what is built on it, and refuses what it does not know.
"""
