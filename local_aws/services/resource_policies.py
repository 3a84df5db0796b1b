"""Decisions by the policy of a resource about AWS services and roles.

IAM User Guide, "Policy evaluation logic": an explicit denial overrides all statements that allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from local_aws.refusal import Refusal

Document = Mapping[str, Any]


def allows(policy: Document, principal: str, action: str, context: Mapping[str, str]) -> bool:
    """Whether a resource's own policy allows an action on it.

    Args:
        principal: a service, e.g. ``events.amazonaws.com``, or the ARN of a role.
        context: the request's condition keys; the case of their names does not matter.
    """
    known = {key.lower(): value for key, value in context.items()}
    effects = {
        statement["Effect"]
        for statement in _listed(policy["Statement"])
        if _names(statement.get("Principal"), principal)
        and any(
            fnmatchcase(action.lower(), wanted.lower()) for wanted in _listed(statement["Action"])
        )
        and _holds(statement.get("Condition", {}), known)
    }
    return "Allow" in effects and "Deny" not in effects


def _names(principals: Any, principal: str) -> bool:
    if principals == "*":
        return True
    kind = "AWS" if principal.startswith("arn:") else "Service"
    wanted = _listed((principals or {}).get(kind, []))
    return principal in wanted or (kind == "AWS" and "*" in wanted)


def _holds(condition: Mapping[str, Mapping[str, Any]], known: Mapping[str, str]) -> bool:
    """Whether all conditions are met; one on a key that the request lacks is not."""
    return all(
        _matches(operator, known.get(key.lower()), _listed(wanted))
        for operator, keys in condition.items()
        for key, wanted in keys.items()
    )


def _matches(operator: str, value: str | None, wanted: list[str]) -> bool:
    """IAM JSON policy elements: Condition operators; ARNs are compared part by part."""
    if operator == "StringEquals":
        return value in wanted
    if operator == "StringLike":
        return value is not None and any(fnmatchcase(value, pattern) for pattern in wanted)
    if operator in ("ArnEquals", "ArnLike"):
        return value is not None and any(_arn_matches(value, pattern) for pattern in wanted)
    if operator == "Bool":
        return value is not None and value.lower() in [str(item).lower() for item in wanted]
    raise Refusal(f"the condition operator {operator} in the policy of a resource")


def _arn_matches(value: str, pattern: str) -> bool:
    parts, patterns = value.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(patterns) and all(map(fnmatchcase, parts, patterns))


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
