"""What the table of operations consists of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

# In `Operation.tested`: no test calls it by its name; Terraform's AWS provider requests it when a
# test or the demo applies, refreshes or destroys a configuration.
TERRAFORM = "Terraform"


class By(Enum):
    """Whose code answers a request; it may show what another operation stored."""

    MOTO = "moto"
    EXTENDED = "moto, extended"
    OURS = "local_aws"


@dataclass(frozen=True)
class Operation:
    """An operation that is answered.

    Attributes:
        name: as in the API, e.g. ``CreateImage``.
        by: whose code answers it.
        tested: files of tests that request it, from the folder `tests`; or `TERRAFORM`.
        pages: titles of the pages that it follows, besides its own in the API reference; those of
            another guide than the service's name it in brackets.
        assumed: what AWS does not say, and in brackets what is assumed.
    """

    name: str
    by: By
    tested: tuple[str, ...]
    pages: tuple[str, ...]
    assumed: str


@dataclass(frozen=True)
class Service:
    """The operations of a service.

    Attributes:
        prefix: with which it is signed (`local_aws.call.Call.service`), e.g. ``ec2``.
        name: as AWS calls it.
        reference: the address of its API reference, which has a page for each operation.
        guide: the title of its user guide, if `Operation.pages` are of it.
    """

    prefix: str
    name: str
    reference: str
    operations: tuple[Operation, ...]
    guide: str = ""


def moto(name: str, *tested: str) -> Operation:
    """An operation that moto answers alone."""
    return Operation(name, By.MOTO, tested, (), "")


def extended(name: str, *tested: str, pages: tuple[str, ...] = (), assumed: str = "") -> Operation:
    """An operation that moto answers, with parts of it overridden in `local_aws.services`."""
    return Operation(name, By.EXTENDED, tested, pages, assumed)


def ours(name: str, *tested: str, pages: tuple[str, ...] = (), assumed: str = "") -> Operation:
    """An operation that a method in `local_aws.services` answers."""
    return Operation(name, By.OURS, tested, pages, assumed)
