"""Resource-based policies of functions: who may invoke one beside the roles of the account."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from local_aws.services.functions.models import Function


def allows(function: Function, service: str, source_arn: str, source_account: str) -> bool:
    """Whether an AWS service may invoke a function on behalf of one of its resources.

    Follows AddPermission (AWS Lambda API Reference), which makes statements that only allow.
    """
    known = {"aws:sourcearn": source_arn, "aws:sourceaccount": source_account}
    return any(
        statement["Action"] in ("lambda:InvokeFunction", "lambda:*")
        and statement["Principal"] in ("*", {"Service": service})
        and statement["Resource"] == function.function_arn
        and _holds(statement.get("Condition", {}), known)
        for statement in function.policy.statements
    )


def _holds(condition: dict[str, dict[str, str]], known: dict[str, str]) -> bool:
    """Whether every condition holds; none does on what is not known of the caller."""
    return all(
        _matches(operator, known.get(key.lower()), wanted)
        for operator, wishes in condition.items()
        for key, wanted in wishes.items()
    )


def _matches(operator: str, value: Any, wanted: str) -> bool:
    """The two operators that AddPermission makes; ARNs are compared part by part (IAM JSON policy
    elements: Condition operators)."""
    if value is None:
        return False
    if operator == "StringEquals":
        return bool(value == wanted)
    parts, patterns = value.split(":", 5), wanted.split(":", 5)
    return len(parts) == len(patterns) and all(map(fnmatchcase, parts, patterns))
