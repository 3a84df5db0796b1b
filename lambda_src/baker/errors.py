"""What goes wrong and can be mended by whoever reads the pipeline."""

from __future__ import annotations


class BakeError(Exception):
    """The bake cannot go on; the text says what is wrong, with which value, and what to do.

    Attributes:
        failure_type: the FailureType of CodePipeline's PutJobFailureResult.
    """

    failure_type = "JobFailed"


class ConfigurationError(BakeError):
    """The function, its action or what they name is set up wrongly; trying again will not help."""

    failure_type = "ConfigurationError"


class Unsettled(ConfigurationError):
    """What was just made cannot be seen yet, or is wrong: a few looks later one knows (Amazon EC2
    Developer Guide, "Ensuring eventual consistency")."""
