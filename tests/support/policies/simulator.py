"""IAM's decisions, by ``@cloud-copilot/iam-simulate``: a tool that runs as a process of its own."""

from __future__ import annotations

import atexit
import functools
import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.policies.documents import Document
from toolchain import SIMULATOR
from toolchain.simulator import node

# What the simulator does not know, and what it is asked about in its place, in policies as in
# requests: documents of AWS, which have no account in their ARNs, and the keys of an encryption
# context. Of those a request has one; the stand-in is a key of the same actions.
STAND_INS = (
    (re.compile(r"(:ssm:[a-z0-9-]*:)(:document/)"), r"\g<1>000000000000\2"),
    (re.compile(r"kms:EncryptionContext:[A-Za-z0-9:_-]+"), "kms:RequestAlias"),
)


class NotAskable(ValueError):
    """A question that makes no sense to IAM: an unknown action, a resource of another kind …"""


@dataclass(frozen=True)
class Question:
    """May ``principal`` do ``action`` to ``resource``?

    Attributes:
        principal: the ARN of a role, or an AWS service (``events.amazonaws.com``).
        context: the request's condition keys; those that follow from the principal are added.
        identity_policies: the principal's, by name.
        resource_policy: the resource's own: of a bucket, key, topic or function, or a role's trust.
        boundary: the principal's permissions boundary.
        account: the resource's account.
    """

    principal: str
    action: str
    resource: str
    context: Mapping[str, Any] = field(default_factory=dict)
    identity_policies: Mapping[str, Document] = field(default_factory=dict)
    resource_policy: Document | None = None
    boundary: Document | None = None
    account: str = "123456789012"


@dataclass(frozen=True)
class Verdict:
    """Attributes:
    decision: ``Allowed``, ``ImplicitlyDenied`` or ``ExplicitlyDenied``.
    allowed_by: the statements that allow it: the policy's name (empty for the resource's own) and
        the Sid.
    denied_by: the statements that deny it.
    """

    decision: str
    allowed_by: tuple[tuple[str, str], ...]
    denied_by: tuple[tuple[str, str], ...]

    @property
    def allowed(self) -> bool:
        return self.decision == "Allowed"


def simulate(questions: Sequence[Question]) -> list[Verdict]:
    """The verdicts, in the order of the questions.

    Raises:
        NotAskable: for the first question that makes no sense.
    """
    documents: dict[str, int] = {}

    def number(document: Document | None) -> int | None:
        if document is None:
            return None
        return documents.setdefault(json.dumps(document, sort_keys=True), len(documents))

    asked = [
        {
            "principal": question.principal,
            "action": question.action,
            "resource": question.resource,
            "account": question.account,
            "context": {**_of_principal(question.principal), **question.context},
            "identity": {
                name: number(document) for name, document in question.identity_policies.items()
            },
            "resource_policy": number(question.resource_policy),
            "boundary": number(question.boundary),
        }
        for question in questions
    ]
    request = json.dumps(
        {"documents": [json.loads(text) for text in documents], "questions": asked}
    )
    for unknown, stand_in in STAND_INS:
        request = unknown.sub(stand_in, request)
    return [_verdict(*pair) for pair in zip(questions, json.loads(_ask(request)), strict=True)]


def _ask(line: str) -> str:
    """The simulator's line for this one."""
    process = _process()
    assert process.stdin and process.stdout and process.stderr
    with suppress(BrokenPipeError):
        process.stdin.write(line + "\n")
        process.stdin.flush()
    answers = process.stdout.readline()
    if not answers:
        raise RuntimeError(f"the simulator failed:\n{process.stderr.read()}")
    return answers


@functools.cache
def _process() -> subprocess.Popen[str]:
    """The simulator, started once: a line of JSON in, a line of JSON out."""
    process = subprocess.Popen(
        [node(), Path(__file__).parent / "simulator" / "simulate.mjs", SIMULATOR],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.communicate)
    return process


def _verdict(question: Question, answer: dict[str, Any]) -> Verdict:
    if "error" in answer:
        raise NotAskable(f"{question.action} on {question.resource}: {answer['error']}")
    if answer["ignored"]:
        keys = ", ".join(answer["ignored"])
        raise NotAskable(f"{question.action} on {question.resource} does not carry {keys}")
    return Verdict(
        answer["decision"],
        tuple((policy, sid) for policy, sid in answer["allowed_by"]),
        tuple((policy, sid) for policy, sid in answer["denied_by"]),
    )


def _of_principal(principal: str) -> dict[str, str]:
    """Keys that every request has (IAM User Guide, "AWS global condition context keys")."""
    if not principal.startswith("arn:"):
        return {"aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": principal}
    return {
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalArn": principal,
        "aws:PrincipalAccount": principal.split(":")[4],
    }
