"""Removing what retention does not keep. It fails closed: what cannot be read is in use.

Read what exists (`usage`, `cleanup`), decide what goes (`baker.decisions.expiry`), remove it.
"""
