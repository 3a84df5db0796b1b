"""Variables in action configurations: ``#{namespace.name}``.

AWS CodePipeline User Guide, "Variables reference".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_REFERENCE = re.compile(r"#\{([A-Za-z0-9@_-]+)\.([A-Za-z0-9@_-]+)\}")


class UnresolvedVariable(Exception):
    """A variable that no earlier action of the execution has set."""


def references(text: str) -> list[tuple[str, str]]:
    """The namespace and name of each variable in a configuration value."""
    return _REFERENCE.findall(text)


def resolve(text: str, variables: Mapping[str, Mapping[str, str]]) -> str:
    """Replace the variables in a text by their values.

    Args:
        variables: values by namespace and name.

    Raises:
        UnresolvedVariable: for a variable without a value.
    """

    def value(match: re.Match[str]) -> str:
        namespace, name = match.groups()
        if name not in variables.get(namespace, {}):
            raise UnresolvedVariable(f"Variable {namespace}.{name} could not be resolved")
        return variables[namespace][name]

    return _REFERENCE.sub(value, text)
