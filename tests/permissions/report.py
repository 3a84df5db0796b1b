"""docs/permissions.md: what is granted, what of it a life used, and what was denied."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from permissions import checks, fit
from permissions.blast_radius import Case
from permissions.life import Life


def section(capture: str, life: Life, cases: Sequence[Case]) -> str:
    """What was measured in one life, as Markdown."""
    left_out = sum(1 for _ in checks.without_a_statement(life))
    widened = sum(1 for _ in checks.wider(life))
    return "\n".join(
        [
            f"Every request of the life is allowed. {len(cases)} requests that must not be "
            f"possible are denied. {left_out} accounts without one of the statements, and "
            f"{widened} with a wider one, are all noticed.",
            "",
            *_granted(life),
            "",
            "What is granted without a request that needed it:",
            "",
            *_reasons(life),
            "",
            "What must not be possible:",
            "",
            *_denied(cases),
        ]
    )


def with_section(text: str, capture: str, measured: str) -> str:
    """``text`` with what stands between the markers of a life brought up to date.

    Raises:
        ValueError: when the markers are missing.
    """
    begin, end = (f"<!-- {capture}: {where} -->" for where in ("begin", "end"))
    if begin not in text or end not in text:
        raise ValueError(f"the report has no markers {begin!r} and {end!r}")
    head, rest = text.split(begin, 1)
    return f"{head}{begin}\n\n{measured}\n\n{end}{rest.split(end, 1)[1]}"


def _granted(life: Life) -> list[str]:
    """By role, or resource with a policy: actions granted, used, unused."""
    rows: dict[str, list[fit.Granted]] = defaultdict(list)
    for grant in fit.granted(life.account):
        rows[_name(grant, life)].append(grant)
    lines = ["| role or resource | granted | used | unused |", "| --- | --- | --- | --- |"]
    for name, grants in sorted(rows.items()):
        used = sum(grant in life.used for grant in grants)
        lines.append(f"| {name} | {len(grants)} | {used} | {len(grants) - used} |")
    return lines


def _reasons(life: Life) -> list[str]:
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    reasons = {}
    for grant in fit.granted(life.account):
        if grant not in life.used:
            row = (_name(grant, life), grant.sid)
            rows[row].append(grant.action)
            reasons[row] = fit.reason_of(grant)
    lines = ["| role or resource | statement | actions | reason |", "| --- | --- | --- | --- |"]
    for (name, sid), actions in sorted(rows.items()):
        listed = ", ".join(f"`{action}`" for action in sorted(actions))
        lines.append(f"| {name} | `{sid}` | {listed} | {reasons[name, sid]} |")
    return lines


def _denied(cases: Sequence[Case]) -> list[str]:
    rows: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for case in cases:
        rows[case.who, case.what][case.action] += 1
    lines = ["| who | what | actions |", "| --- | --- | --- |"]
    for (who, what), actions in rows.items():
        lines.append(f"| {who} | {what} | {', '.join(f'`{action}`' for action in actions)} |")
    return lines


def _name(grant: fit.Granted, life: Life) -> str:
    """The role's kind, or the resource's: its own name changes from life to life."""
    for kind, arn in life.names["role_arns"].items():
        if grant.owner == arn:
            return f"{kind} (trust)" if grant.policy == "trust" else str(kind)
    return grant.policy
