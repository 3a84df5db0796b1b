"""Whether the policy of a resource lets an AWS service, or a role, do something.

IAM User Guide, "Policy evaluation logic": what no statement allows is denied, and a statement that
denies wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from local_aws.refusal import Refusal

Document = Mapping[str, Any]


def allows(policy: Document, principal: str, action: str, context: Mapping[str, str]) -> bool:
    """Whether ``principal``, a service (``events.amazonaws.com``) or the ARN of a role, may do it.

    Statements are of this resource, so their resources are not looked at.

    Args:
        context: the condition keys of the request; their names are compared without case.
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
    """Whether every condition holds; none does on what is not known of the request."""
    return all(
        _matches(operator, known.get(key.lower()), _listed(wanted))
        for operator, wishes in condition.items()
        for key, wanted in wishes.items()
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
