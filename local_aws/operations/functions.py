"""Operations of AWS Lambda."""

from __future__ import annotations

from local_aws.operations.table import TERRAFORM, Service, extended, moto, ours

SERVICE = Service(
    prefix="lambda",
    name="AWS Lambda",
    reference="https://docs.aws.amazon.com/lambda/latest/api",
    guide="AWS Lambda Developer Guide",
    operations=(
        moto("AddPermission", "behaviours/test_event_targets.py"),
        extended(
            "CreateFunction",
            "behaviours/test_functions.py",
            "behaviours/test_event_targets.py",
            pages=("Configuring advanced logging controls",),
        ),
        extended("DeleteFunction", TERRAFORM),
        moto("DeleteFunctionEventInvokeConfig", TERRAFORM),
        extended("GetFunction", "behaviours/test_authorization.py"),
        moto("GetFunctionCodeSigningConfig", TERRAFORM),
        extended(
            "GetFunctionConfiguration",
            "behaviours/test_functions.py",
        ),
        moto("GetFunctionEventInvokeConfig", TERRAFORM),
        moto("GetPolicy", TERRAFORM),
        ours(
            "Invoke",
            "behaviours/test_functions.py",
            "behaviours/test_codepipeline_actions.py",
            pages=(
                "Understanding the Lambda execution environment lifecycle",
                "Using the Lambda runtime API for custom runtimes",
                "Defined runtime environment variables",
                "How Lambda handles errors and retries with asynchronous invocation",
            ),
        ),
        extended("ListVersionsByFunction", TERRAFORM),
        extended(
            "PutFunctionEventInvokeConfig",
            "behaviours/test_functions.py",
            "behaviours/test_event_targets.py",
        ),
        moto("RemovePermission", TERRAFORM),
        extended(
            "UpdateFunctionCode",
            "behaviours/test_functions.py",
            pages=("Understanding the Lambda execution environment lifecycle",),
        ),
        extended(
            "UpdateFunctionConfiguration",
            "behaviours/test_functions.py",
            pages=(
                "Configuring advanced logging controls",
                "Understanding the Lambda execution environment lifecycle",
            ),
        ),
    ),
)
