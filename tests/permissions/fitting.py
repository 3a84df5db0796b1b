"""Whether the policies of a pipeline fit: what holds for every life."""

from __future__ import annotations

import os
from typing import ClassVar

import pytest

from local_aws.client import LocalAws
from permissions import checks, fit, report
from permissions.blast_radius import Case, cases
from permissions.life import Life, lived
from support.policies.lint import findings
from support.stack import REPOSITORY

REPORT = REPOSITORY / "docs" / "permissions.md"


class Fitting:
    """The tests, for a class for each life.

    Attributes:
        capture: how instances are imaged.
        hardened: see `permissions.life.lived`.
    """

    capture: ClassVar[str]
    hardened: ClassVar[bool]

    @pytest.fixture(scope="class")
    @classmethod
    def life(cls, aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Life:
        return lived(aws, tmp_path_factory.mktemp("life"), cls.capture, cls.hardened)

    @pytest.fixture(scope="class")
    @classmethod
    def blast(cls, life: Life) -> list[Case]:
        return list(cases(life.names, cls.hardened, cls.capture))

    def test_every_request_is_allowed(self, life: Life) -> None:
        refused = [
            f"{request}: {verdict.decision} {verdict.denied_by}"
            for request, verdict in zip(life.requests, life.verdicts, strict=True)
            if not verdict.allowed
        ]
        assert len(life.requests) > 90
        assert not refused, "\n".join(refused)

    def test_every_action_is_needed_or_has_a_reason(self, life: Life) -> None:
        idle = fit.unused(life.account, life.used)
        assert not idle, "\n".join(map(str, idle))

    def test_no_reason_is_given_for_what_is_needed(self, life: Life) -> None:
        excused = [grant for grant in life.used if fit.reason_of(grant)]
        assert not excused, "\n".join(map(str, excused))

    def test_nothing_beyond_the_pipeline_is_allowed(self, life: Life, blast: list[Case]) -> None:
        allowed = checks.allowed(blast, life)
        assert not allowed, "\n".join(map(str, allowed))

    def test_the_policies_have_no_lint(self, life: Life) -> None:
        found = [
            f"{owner} {name}: {finding}"
            for owner, name, document in life.account.documents()
            if name not in life.account.managed
            for finding in findings(document)
        ]
        assert not found, "\n".join(found)

    def test_without_any_statement_something_fails(self, life: Life, blast: list[Case]) -> None:
        mutants = list(checks.without_a_statement(life))
        unnoticed = checks.unnoticed(mutants, life, blast)
        assert not unnoticed, "\n".join(map(str, unnoticed))

    def test_any_statement_that_is_wider_is_noticed(self, life: Life, blast: list[Case]) -> None:
        mutants = list(checks.wider(life))
        unnoticed = checks.unnoticed(mutants, life, blast)
        assert not unnoticed, "\n".join(map(str, unnoticed))

    def test_the_report_says_what_was_measured(self, life: Life, blast: list[Case]) -> None:
        """`make permissions` writes it."""
        measured = report.section(self.capture, life, blast)
        text = REPORT.read_text()
        if os.environ.get("WRITE_PERMISSIONS"):
            REPORT.write_text(report.with_section(text, self.capture, measured))
        else:
            assert report.with_section(text, self.capture, measured) == text, "make permissions"
