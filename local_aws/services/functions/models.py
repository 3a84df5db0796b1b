"""Functions and their configuration."""

from __future__ import annotations

import json
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaFunction
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends

from local_aws.refusal import Refusal
from local_aws.server_state import PARTITION, server_state

# The parameters of CreateFunction that are modelled.
KNOWN = {
    "Architectures",
    "Code",
    "Description",
    "Environment",
    "EphemeralStorage",
    "FunctionName",
    "Handler",
    "LoggingConfig",
    "MemorySize",
    "PackageType",
    "Publish",
    "Role",
    "Runtime",
    "Tags",
    "Timeout",
    "TracingConfig",
}


class Function(LambdaFunction):
    """A function, with its logging configuration (AWS Lambda API Reference, LoggingConfig)."""

    def __init__(
        self, account_id: str, spec: dict[str, Any], region: str, version: Any = 1
    ) -> None:
        check(spec)
        super().__init__(account_id, spec, region, version)
        self.logging = self._logging(spec.get("LoggingConfig", {}))

    def _logging(self, config: dict[str, Any]) -> dict[str, Any]:
        """A LoggingConfig with its defaults (Developer Guide, "Configuring advanced logging
        controls")."""
        logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}", **config}
        if logging["LogFormat"] == "JSON":
            logging = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO", **logging}
        return logging

    def get_configuration(self, on_create: bool = False) -> dict[str, Any]:
        return {**super().get_configuration(on_create), "LoggingConfig": self.logging}

    def update_configuration(self, config_updates: dict[str, Any]) -> dict[str, Any]:
        check({"Role": self.role, "Runtime": self.run_time, **config_updates})
        if "LoggingConfig" in config_updates:
            self.logging = self._logging(config_updates["LoggingConfig"])
        return super().update_configuration(config_updates)

    def revision(self) -> str:
        """A string that changes whenever warm execution environments are outdated."""
        return json.dumps(self.get_configuration(), default=str, sort_keys=True)


def check(spec: dict[str, Any]) -> None:
    """Check a function's configuration.

    Raises:
        Refusal: for settings that are not modelled.
        InvalidParameterValueException: for a role that Lambda cannot assume (CreateFunction).
    """
    given = {name for name, value in spec.items() if value not in (None, [], {}, "")}
    given -= {name for name in ("VpcConfig",) if not any((spec.get(name) or {}).values())}
    if unknown := sorted(given - KNOWN):
        raise Refusal(f"the setting {', '.join(unknown)} of a Lambda function")
    if not str(spec.get("Runtime", "")).startswith("python3."):
        raise Refusal(f"the Lambda runtime {spec.get('Runtime')}; only Python 3 is modelled")
    try:
        role = iam_backends[server_state.account_id][PARTITION].get_role_by_arn(spec["Role"])
    except NotFoundException:
        role = None
    if not role or "lambda.amazonaws.com" not in str(role.assume_role_policy_document):
        raise InvalidParameterValueException(
            "The role defined for the function cannot be assumed by Lambda."
        )
