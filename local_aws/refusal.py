"""How the local AWS says that it does not know something, rather than pretending."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class Refusal(ServiceException):
    """An operation, parameter or value that the local AWS does not model (HTTP 400, not retried).

    Args:
        what: the thing that is not known, with its value.
    """

    code = "NotKnownToLocalAws"

    def __init__(self, what: str) -> None:
        super().__init__(f"the local AWS does not know {what}")
