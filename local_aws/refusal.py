"""The error for everything that the local AWS does not model."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class Refusal(ServiceException):
    """An operation, parameter or value that is not modelled: HTTP 400, which no SDK retries.

    Args:
        what: a noun, with the value if there is one.
    """

    code = "NotKnownToLocalAws"

    def __init__(self, what: str) -> None:
        super().__init__(f"the local AWS does not know {what}")
