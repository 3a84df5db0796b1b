"""Actions, resources, and condition keys for Amazon S3, and for the AWS KMS keys that it uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.s3.models import s3_backends

from local_aws.authorization.question import ACCOUNT, Question
from local_aws.call import Call

# "Required permissions for Amazon S3 API operations", Amazon S3 User Guide.
ON_BUCKETS = {
    "GetBucketVersioning": "s3:GetBucketVersioning",
    "ListObjectVersions": "s3:ListBucketVersions",
}
# Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys (SSE-KMS)".
KMS = {"GetObject": "kms:Decrypt", "PutObject": "kms:GenerateDataKey"}


def questions(call: Call) -> Iterator[Question] | None:
    bucket = f"arn:aws:s3:::{call.parameters['Bucket']}"
    if call.operation in ON_BUCKETS:
        return iter([Question(ON_BUCKETS[call.operation], bucket)])
    if call.operation in KMS:
        return _on_object(call, bucket)
    return None


def _on_object(call: Call, bucket: str) -> Iterator[Question]:
    key = f"{bucket}/{call.parameters['Key']}"
    version = "Version" if call.parameters.get("VersionId") else ""
    yield Question(f"s3:{call.operation}{version}", key)
    kms_key, bucket_key = _as_stored(call) if call.operation == "GetObject" else _by_default(call)
    if kms_key:
        # S3 asks in the caller's name (IAM User Guide, "Forward access sessions").
        yield Question(
            KMS[call.operation],
            kms_key,
            {
                "aws:ViaAWSService": "true",
                "kms:CallerAccount": ACCOUNT,
                # "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys", Amazon S3 User Guide.
                "kms:EncryptionContext:aws:s3:arn": bucket if bucket_key else key,
                "kms:ViaService": f"s3.{call.region}.amazonaws.com",
            },
        )


def _by_default(call: Call) -> tuple[str | None, bool]:
    """The customer managed key with which a bucket encrypts new objects, if there is one, and
    whether it uses a bucket key."""
    bucket = s3_backends[ACCOUNT]["aws"].buckets.get(call.parameters["Bucket"])
    settings: Any = bucket and bucket.encryption
    if not settings:
        return None, False
    rule = settings["Rule"]
    default = rule["ApplyServerSideEncryptionByDefault"]
    if default["SSEAlgorithm"] != "aws:kms":
        return None, False
    return default.get("KMSMasterKeyID"), _true(rule.get("BucketKeyEnabled"))


def _as_stored(call: Call) -> tuple[str | None, bool]:
    """The key with which an object was encrypted; the bucket may have another one by now."""
    bucket = s3_backends[ACCOUNT]["aws"].buckets.get(call.parameters["Bucket"])
    versions = bucket.keys.getlist(call.parameters["Key"], []) if bucket else []
    wanted = call.parameters.get("VersionId")
    for stored in reversed(versions):
        if wanted in (None, stored.version_id):
            return stored.kms_key_id, _true(stored.bucket_key_enabled)
    return None, False


def _true(value: Any) -> bool:
    """Whether a value means true; moto keeps the text of the request."""
    return str(value).lower() == "true"
