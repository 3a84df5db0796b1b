"""Amazon CloudWatch Logs: log groups with a customer managed key."""

from __future__ import annotations

import json
from typing import Any

from moto.kms.models import kms_backends
from moto.logs import models, urls
from moto.logs.exceptions import LogsClientError

from local_aws.authorization import Question
from local_aws.server_state import server_state
from local_aws.services import resource_policies

# "Encrypt log data in CloudWatch Logs using AWS KMS", Amazon CloudWatch Logs User Guide.
NEEDED = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)


class Logs(models.LogsBackend):
    """The log groups of an account in a region."""

    _url_module = urls

    def create_log_group(self, log_group_name: str, tags: dict[str, str], **kwargs: Any) -> Any:
        """CreateLogGroup fails for a key whose policy does not allow the service to use it."""
        if key_arn := kwargs.get("kmsKeyId"):
            place = f"{self.region_name}:{self.account_id}"
            self._use(key_arn, f"arn:aws:logs:{place}:log-group:{log_group_name}")
        return super().create_log_group(log_group_name, tags, **kwargs)

    def _use(self, key_arn: str, group_arn: str) -> None:
        key = kms_backends[self.account_id][self.region_name].keys.get(key_arn.rpartition("/")[2])
        service = f"logs.{self.region_name}.amazonaws.com"
        context = {"kms:EncryptionContext:aws:logs:arn": group_arn}
        for action in NEEDED:
            question = Question(action, key_arn, context)
            server_state.recorder.record_service(service, question, None, self.region_name)
            if not key or not resource_policies.allows(
                json.loads(key.policy), service, action, context
            ):
                raise LogsClientError(
                    "InvalidParameterException",
                    "The specified KMS key does not exist or is not allowed to be used with Arn "
                    f"'{group_arn}'",
                )


def install() -> None:
    models.logs_backends.backend = Logs
