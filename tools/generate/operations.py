"""local_aws/COVERAGE.md: the operations that the local AWS answers."""

from __future__ import annotations

from collections import Counter

from local_aws.operations import SERVICES
from local_aws.operations.table import TERRAFORM, By, Operation, Service

_INTRODUCTION = """\
# The operations of the local AWS

The local AWS answers these operations and refuses all others. A test run requests each of them.

- **Answered by**: `moto`, without changes; `moto, extended`, where a module in \
[`services`](services) overrides a part of it; or `local_aws`, where a module there answers. An \
answer may show what another operation stored.
- **Follows**: the page of the API reference to which the operation's name links, and the pages of \
the user guide named here. Where AWS does not say something, the assumption is in parentheses; a \
condition is a value that a test can set. No answers have been recorded on AWS.
- **Tested in**: `Terraform` stands for operations that no test names: the AWS provider requests \
them when a test ([`integration`](../tests/integration), [`permissions`](../tests/permissions)) or \
the demo applies, refreshes or destroys a configuration.

`make generate` writes this page from [`operations`](operations), and \
[`test_operations.py`](../tests/behaviours/test_operations.py) compares that with the code.
"""


def page() -> str:
    """The page."""
    return "\n".join([_INTRODUCTION, _summary(), "", *(_section(each) for each in SERVICES)])


def _summary() -> str:
    counts = Counter(each.by for service in SERVICES for each in service.operations)
    parts = ", ".join(f"{counts[by]} by {by.value}" for by in By)
    return f"There are {counts.total()} operations: {parts}."


def _section(service: Service) -> str:
    rows = "\n".join(_row(service, operation) for operation in service.operations)
    guide = (
        f"Pages are of the {service.guide}, unless another is named.\n\n" if service.guide else ""
    )
    return f"""\
## {service.name}

{guide}| operation | answered by | follows | tested in |
| --- | --- | --- | --- |
{rows}
"""


def _row(service: Service, operation: Operation) -> str:
    link = f"[{operation.name}]({service.reference}/API_{operation.name}.html)"
    sources = ["API reference", *map(_titled, operation.pages)]
    if operation.assumed:
        sources.append(f"AWS does not say {operation.assumed}")
    tested = ", ".join(map(_place, operation.tested))
    return f"| {link} | {operation.by.value} | {'; '.join(sources)} | {tested} |"


def _titled(page: str) -> str:
    title, bracket, guide = page.partition(" (")
    return f'"{title}"{bracket}{guide}'


def _place(tested: str) -> str:
    return tested if tested == TERRAFORM else f"[`{tested}`](../tests/{tested})"
