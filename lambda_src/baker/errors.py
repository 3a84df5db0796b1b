"""Errors that whoever reads the pipeline can fix; the text says what is wrong and what to do."""

from __future__ import annotations


class BakeError(Exception):
    """The bake cannot go on.

    Attributes:
        failure_type: the FailureType of CodePipeline's PutJobFailureResult.
    """

    failure_type = "JobFailed"


class ConfigurationError(BakeError):
    """The function, its action or what they name is configured wrongly."""

    failure_type = "ConfigurationError"


class NotYetVisible(BakeError):
    """AWS does not show yet what must exist; a few checks later it does, or something is wrong
    (Amazon EC2 Developer Guide, "Ensuring eventual consistency")."""
