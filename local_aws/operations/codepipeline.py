"""Operations of AWS CodePipeline."""

from __future__ import annotations

from local_aws.operations.table import TERRAFORM, Service, extended, moto, ours

SERVICE = Service(
    prefix="codepipeline",
    name="AWS CodePipeline",
    reference="https://docs.aws.amazon.com/codepipeline/latest/APIReference",
    guide="AWS CodePipeline User Guide",
    operations=(
        extended(
            "CreatePipeline",
            "behaviours/test_codepipeline_stages.py",
            "behaviours/test_codepipeline_sources.py",
            pages=(
                "Start a pipeline",
                "CodePipeline pipeline structure reference",
                "Quotas in AWS CodePipeline",
                "CodeCommit source action reference",
                "Amazon S3 source action reference",
            ),
        ),
        extended("DeletePipeline", TERRAFORM),
        ours("GetPipeline", "integration/test_failures.py"),
        ours(
            "GetPipelineExecution",
            "behaviours/test_codepipeline_stages.py",
            "behaviours/test_codepipeline_actions.py",
        ),
        ours("GetPipelineState", "behaviours/test_codepipeline_stages.py"),
        ours(
            "ListActionExecutions",
            "behaviours/test_codepipeline_actions.py",
            "behaviours/test_codepipeline_stages.py",
        ),
        ours(
            "ListPipelineExecutions",
            "behaviours/test_codepipeline_stages.py",
            "behaviours/test_codepipeline_actions.py",
        ),
        moto("ListTagsForResource", TERRAFORM),
        ours(
            "PutJobFailureResult",
            "behaviours/test_codepipeline_actions.py",
            pages=("AWS Lambda invoke action reference",),
        ),
        ours(
            "PutJobSuccessResult",
            "behaviours/test_codepipeline_actions.py",
            pages=(
                "AWS Lambda invoke action reference",
                "Quotas in AWS CodePipeline",
            ),
            assumed="how long after a continuation token the next job comes (30 s, a condition)",
        ),
        ours(
            "RetryStageExecution",
            "behaviours/test_codepipeline_stages.py",
            "behaviours/test_codepipeline_events.py",
            pages=("How pipeline executions work",),
        ),
        ours(
            "StartPipelineExecution",
            "behaviours/test_codepipeline_stages.py",
            "behaviours/test_codepipeline_sources.py",
            pages=(
                "How pipeline executions work",
                "Variables reference",
                "AWS CodeDeploy action reference",
                "AWS Lambda invoke action reference",
                "Monitoring CodePipeline events",
            ),
        ),
        ours(
            "StopPipelineExecution",
            "behaviours/test_codepipeline_stages.py",
            "behaviours/test_codepipeline_events.py",
            pages=("How pipeline executions work",),
        ),
        extended(
            "UpdatePipeline",
            "behaviours/test_codepipeline_stages.py",
            pages=(
                "CodePipeline pipeline structure reference",
                "Quotas in AWS CodePipeline",
            ),
        ),
    ),
)
