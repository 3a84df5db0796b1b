"""The questions that the tests of a life ask, and of policies with a fault in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from permissions import fit
from permissions.account import Account, Document, Place
from permissions.blast_radius import ACCOUNT, REGION, Case
from permissions.life import Life
from permissions.mutations import widened
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
    """An account with a fault in one statement."""

    place: Place
    sid: str
    fault: str
    account: Account
    statement: Document | None

    def __str__(self) -> str:
        return f"{self.place.owner} {self.place.policy} {self.sid}: {self.fault}"


def without_a_statement(life: Life) -> Iterator[Mutant]:
    """Each statement left out, but for those that only excused actions are in."""
    for place, statement in life.account.statements():
        grants = [g for g in fit.granted(life.account) if g.is_of(place, statement["Sid"])]
        if statement["Effect"] == "Allow" and all(fit.reason_of(grant) for grant in grants):
            continue
        changed = life.account.changed(place, None)
        yield Mutant(place, statement["Sid"], "left out", changed, None)


def wider(life: Life) -> Iterator[Mutant]:
    """Each statement widened, in each way."""
    for place, statement in life.account.statements():
        for fault, other in widened(statement):
            changed = life.account.changed(place, other)
            yield Mutant(place, statement["Sid"], fault, changed, other)


def unnoticed(mutants: Sequence[Mutant], life: Life, cases: Sequence[Case]) -> list[Mutant]:
    """The mutants that no check notices: that of every request, of unused actions, of the blast
    radius, or of lint."""
    quiet = [mutant for mutant in mutants if not _at_a_glance(mutant)]
    questions: list[Question] = []
    wanted: list[bool] = []
    spans = []
    for mutant in quiet:
        begin = len(questions)
        for request, question in _requests(mutant, life):
            questions.append(question)
            wanted.append(request)
        for case in cases:
            question = question_of(case, life, mutant.account)
            if _concerns(question, mutant.place):
                questions.append(question)
                wanted.append(False)
        spans.append((mutant, begin, len(questions)))
    verdicts = simulate(questions)
    right = [verdict.allowed == want for verdict, want in zip(verdicts, wanted, strict=True)]
    return [mutant for mutant, begin, end in spans if all(right[begin:end])]


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


def _requests(mutant: Mutant, life: Life) -> Iterator[tuple[bool, Question]]:
    for request in life.requests:
        question = request.question(mutant.account)
        if _concerns(question, mutant.place):
            yield True, question


def _concerns(question: Question, place: Place) -> bool:
    """Whether a policy has a say in the answer."""
    return place.owner in (question.principal, Account.owner_of(question.resource))
