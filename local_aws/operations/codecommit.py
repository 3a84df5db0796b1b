"""Operations of AWS CodeCommit."""

from __future__ import annotations

from local_aws.operations.table import TERRAFORM, Service, ours

SERVICE = Service(
    prefix="codecommit",
    name="AWS CodeCommit",
    reference="https://docs.aws.amazon.com/codecommit/latest/APIReference",
    operations=(
        ours("CreateRepository", "behaviours/test_codecommit.py"),
        ours("DeleteRepository", "behaviours/test_codecommit.py"),
        ours(
            "GetBranch", "behaviours/test_codecommit.py", "behaviours/test_codepipeline_sources.py"
        ),
        ours(
            "GetCommit", "behaviours/test_codecommit.py", "behaviours/test_codepipeline_sources.py"
        ),
        ours("GetRepository", "behaviours/test_codecommit.py"),
        ours("ListBranches", "behaviours/test_codecommit.py"),
        ours("ListTagsForResource", TERRAFORM),
    ),
)
