"""Actions, resources, and condition keys for Amazon CloudWatch Logs, and for the AWS KMS keys that
it uses."""

from __future__ import annotations

from collections.abc import Iterator

from moto.logs.models import logs_backends

from local_aws.authorization.question import ACCOUNT, Question, arn
from local_aws.call import Call


def questions(call: Call) -> Iterator[Question] | None:
    if call.operation not in ("CreateLogStream", "PutLogEvents"):
        return None
    return _on_stream(call)


def _on_stream(call: Call) -> Iterator[Question]:
    group, stream = call.parameters["logGroupName"], call.parameters["logStreamName"]
    resource = arn("logs", call.region, f"log-group:{group}:log-stream:{stream}")
    yield Question(f"logs:{call.operation}", resource)
    known = logs_backends[ACCOUNT][call.region].groups.get(group)
    key = known.kms_key_id if known else None
    if key and call.operation == "PutLogEvents":
        # "Encrypt log data in CloudWatch Logs using AWS KMS", step 3 (Amazon CloudWatch Logs User
        # Guide). The actions and condition keys of PutLogEvents are those in AWS's managed policy
        # CloudWatchLogsAPIKeyAccess.
        through_logs = {
            "aws:ViaAWSService": "true",
            "kms:CallerAccount": ACCOUNT,
            "kms:ViaService": f"logs.{call.region}.amazonaws.com",
        }
        encryption = {
            "kms:EncryptionContext:aws:logs:arn": arn("logs", call.region, f"log-group:{group}")
        }
        yield Question("kms:DescribeKey", key, through_logs)
        yield Question("kms:Decrypt", key, {**through_logs, **encryption})
        yield Question("kms:GenerateDataKey", key, {**through_logs, **encryption})
