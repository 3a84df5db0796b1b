"""Operations of Amazon S3."""

from __future__ import annotations

from local_aws.operations.table import TERRAFORM, Service, extended, moto, ours

SERVICE = Service(
    prefix="s3",
    name="Amazon S3",
    reference="https://docs.aws.amazon.com/AmazonS3/latest/API",
    guide="Amazon S3 User Guide",
    operations=(
        extended("CreateBucket", "behaviours/test_s3.py"),
        moto("DeleteBucket", TERRAFORM),
        moto("DeleteBucketEncryption", TERRAFORM),
        moto("DeleteBucketLifecycle", TERRAFORM),
        moto("DeleteBucketPolicy", TERRAFORM),
        extended("DeleteObjects", TERRAFORM),
        moto("DeletePublicAccessBlock", TERRAFORM),
        moto("GetBucketAccelerateConfiguration", TERRAFORM),
        moto("GetBucketAcl", TERRAFORM),
        moto("GetBucketCors", TERRAFORM),
        moto("GetBucketEncryption", "integration/test_encryption.py"),
        moto("GetBucketLifecycleConfiguration", TERRAFORM),
        moto("GetBucketLogging", TERRAFORM),
        extended("GetBucketNotificationConfiguration", "behaviours/test_s3.py"),
        moto("GetBucketPolicy", TERRAFORM),
        moto("GetBucketReplication", TERRAFORM),
        ours("GetBucketRequestPayment", "behaviours/test_s3.py"),
        moto("GetBucketTagging", TERRAFORM),
        moto("GetBucketVersioning", "behaviours/test_authorization.py"),
        moto("GetBucketWebsite", TERRAFORM),
        moto(
            "GetObject", "behaviours/test_codedeploy.py", "behaviours/test_codepipeline_sources.py"
        ),
        moto("GetObjectLockConfiguration", TERRAFORM),
        moto("GetPublicAccessBlock", TERRAFORM),
        moto("HeadBucket", TERRAFORM),
        moto("ListBuckets", "behaviours/test_core.py"),
        moto("ListObjectVersions", "behaviours/test_authorization.py"),
        moto("PutBucketEncryption", "behaviours/test_authorization.py"),
        moto("PutBucketLifecycleConfiguration", TERRAFORM),
        moto(
            "PutBucketNotificationConfiguration",
            "behaviours/test_codepipeline_sources.py",
            "behaviours/test_event_targets.py",
        ),
        moto("PutBucketPolicy", TERRAFORM),
        moto("PutBucketTagging", TERRAFORM),
        moto("PutBucketVersioning", "behaviours/test_codepipeline_sources.py"),
        extended(
            "PutObject",
            "behaviours/test_codepipeline_sources.py",
            "behaviours/test_event_targets.py",
            pages=("EventBridge event message structure",),
        ),
        moto("PutPublicAccessBlock", TERRAFORM),
    ),
)
