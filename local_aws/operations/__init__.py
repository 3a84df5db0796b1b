"""The operations that the local AWS answers, in a table for each service; it refuses all others."""

from __future__ import annotations

import importlib
import pkgutil

from local_aws.operations.table import Service

SERVICES: tuple[Service, ...] = tuple(
    importlib.import_module(f"{__name__}.{module.name}").SERVICE
    for module in pkgutil.iter_modules(__path__)
    if module.name != "table"
)

# The prefix of the service's IAM actions, and the operation's name: as in `local_aws.call.Call`.
KNOWN = frozenset(
    (service.prefix, operation.name) for service in SERVICES for operation in service.operations
)
