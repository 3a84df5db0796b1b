"""The questions that the tests of a life ask, and of policies with a fault in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from permissions import fit
from permissions.account import Account, Document, Place
from permissions.blast_radius import ACCOUNT, REGION, Case
from permissions.life import Life
from permissions.mutations import widened
from support.policies.documents import listed
from support.policies.lint import findings
from support.policies.simulator import Question, simulate


def question_of(case: Case, life: Life, account: Account) -> Question:
    """What IAM would be asked in a case."""
    elsewhere = f"arn:aws:iam::{ACCOUNT}:role/{case.who}"
    who = case.who if "." in case.who else life.names["role_arns"].get(case.who, elsewhere)
    usual = {"aws:RequestedRegion": REGION, "aws:SecureTransport": "true"}
    if case.action.startswith("s3:"):
        usual["s3:TlsVersion"] = "1.3"
    return account.question(
        who,
        case.action,
        case.resource,
        {**usual, **case.context},
        case.administrator,
        case.left_to_iam,
    )


def allowed(cases: Sequence[Case], life: Life) -> list[Case]:
    """The cases that are not denied."""
    verdicts = simulate([question_of(case, life, life.account) for case in cases])
    return [case for case, verdict in zip(cases, verdicts, strict=True) if verdict.allowed]


@dataclass(frozen=True)
class Mutant:
    """An account with a fault in one statement.

    Attributes:
        original: the statement without the fault.
        statement: the statement with it; None where it is left out.
    """

    place: Place
    original: Document
    fault: str
    account: Account
    statement: Document | None

    @property
    def sid(self) -> str:
        return str(self.original["Sid"])

    def names(self, action: str) -> bool:
        """Whether the statement is about an action."""
        return any(fnmatchcase(action, own) for own in listed(self.original.get("Action", [])))

    def __str__(self) -> str:
        return f"{self.place.owner} {self.place.policy} {self.sid}: {self.fault}"


def without_a_statement(life: Life) -> Iterator[Mutant]:
    """Each statement left out, but for those that only excused actions are in."""
    for place, statement in life.account.statements():
        grants = [g for g in fit.granted(life.account) if g.is_of(place, statement["Sid"])]
        if statement["Effect"] == "Allow" and all(fit.reason_of(grant) for grant in grants):
            continue
        changed = life.account.changed(place, None)
        yield Mutant(place, statement, "left out", changed, None)


def wider(life: Life) -> Iterator[Mutant]:
    """Each statement widened, in each way."""
    for place, statement in life.account.statements():
        for fault, other in widened(statement):
            changed = life.account.changed(place, other)
            yield Mutant(place, statement, fault, changed, other)


def unnoticed(mutants: Sequence[Mutant], life: Life, cases: Sequence[Case]) -> list[Mutant]:
    """The mutants that no check notices: neither that of every request, nor that of unused actions,
    nor the blast radius, nor lint."""
    return [
        mutant
        for mutant in mutants
        if not _at_a_glance(mutant) and not _by_the_simulator(mutant, life, cases)
    ]


def _at_a_glance(mutant: Mutant) -> bool:
    """Whether an unused action or lint gives it away."""
    if mutant.statement is None:
        return False
    if mutant.fault.startswith("also "):
        new = fit.Granted(
            mutant.place.owner, mutant.place.policy, mutant.sid, mutant.fault.removeprefix("also ")
        )
        return not fit.reason_of(new)
    document = {"Version": "2012-10-17", "Statement": [mutant.statement]}
    return bool(findings(document))


def _by_the_simulator(mutant: Mutant, life: Life, cases: Sequence[Case]) -> bool:
    """Whether a request of the life is not allowed any more, or a case is.

    One difference is enough. It mostly shows in the first answers: a request for an action of the
    statement fails without the statement, and a case for one is allowed by a wider one.
    """
    asked: list[tuple[fit.Asked | Case, bool]] = [(request, True) for request in life.requests]
    asked += [(case, False) for case in cases]
    left_out = mutant.statement is None
    asked.sort(key=lambda pair: (not mutant.names(pair[0].action), pair[1] != left_out))
    for request, want in asked:
        if isinstance(request, Case):
            question = question_of(request, life, mutant.account)
        else:
            question = request.question(mutant.account)
        # Of others, this policy has no say in the answer.
        if mutant.place.owner not in (question.principal, Account.owner_of(question.resource)):
            continue
        if simulate([question])[0].allowed != want:
            return True
    return False
