"""Whether policies fit what was really asked: nothing missing, nothing unused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from permissions.account import Account, Place
from permissions.excused import EXCUSED
from support.policies.documents import listed
from support.policies.simulator import Question, Verdict, simulate


@dataclass(frozen=True)
class Asked:
    """A request about which IAM was asked in the life of a pipeline.

    Attributes:
        context: condition keys and their values, as JSON.
    """

    principal: str
    action: str
    resource: str
    context: str

    def question(self, account: Account) -> Question:
        return account.question(
            self.principal, self.action, self.resource, json.loads(self.context)
        )


@dataclass(frozen=True)
class Granted:
    """An action of a statement that allows it."""

    owner: str
    policy: str
    sid: str
    action: str

    def is_of(self, place: Place, sid: str) -> bool:
        return (self.owner, self.policy, self.sid) == (place.owner, place.policy, sid)


def asked(records: Iterable[Mapping[str, Any]]) -> list[Asked]:
    """What IAM was asked, each once.

    Raises:
        AssertionError: when it is not known what IAM is asked about a request.
    """
    seen: dict[Asked, None] = {}
    unknown = set()
    for record in records:
        if record["authorizations"] is None:
            unknown.add(f"{record['service']}:{record['operation']}")
            continue
        for given in record["authorizations"]:
            context = json.dumps(given["context"], sort_keys=True)
            seen[Asked(record["principal"], given["action"], given["resource"], context)] = None
    assert not unknown, f"the local AWS does not know what IAM is asked about {sorted(unknown)}"
    return list(seen)


def verdicts(account: Account, requests: Sequence[Asked]) -> list[Verdict]:
    return simulate([request.question(account) for request in requests])


def granted(account: Account) -> Iterator[Granted]:
    """Every action that this project's own policies allow."""
    for place, statement in account.statements():
        if statement["Effect"] == "Allow":
            for action in listed(statement["Action"]):
                yield Granted(place.owner, place.policy, statement["Sid"], action)


def used(account: Account, requests: Sequence[Asked], decisions: Sequence[Verdict]) -> set[Granted]:
    """The actions that these requests needed."""
    found = set()
    for request, verdict in zip(requests, decisions, strict=True):
        for policy, sid in verdict.allowed_by:
            if policy:
                found.add(Granted(request.principal, policy, sid, request.action))
                continue
            owner = account.owner_of(request.resource)
            name = next(iter(account.resource[owner]))
            found.add(Granted(owner, name, sid, request.action))
    return found


def unused(account: Account, needed: set[Granted]) -> list[Granted]:
    """What is granted, was never needed, and has no reason to be there."""
    return [grant for grant in granted(account) if grant not in needed and not reason_of(grant)]


def reason_of(grant: Granted) -> str:
    """Why an action is granted that no request needs; empty when nobody knows."""
    return EXCUSED.get((grant.sid, grant.action), "")
