"""Operations of AWS Systems Manager."""

from __future__ import annotations

from local_aws.operations.table import Service, moto, ours

SERVICE = Service(
    prefix="ssm",
    name="AWS Systems Manager",
    reference="https://docs.aws.amazon.com/systems-manager/latest/APIReference",
    guide="AWS Systems Manager User Guide",
    operations=(
        moto("DeleteParameter", "bakes/test_retention.py"),
        moto(
            "DescribeParameters", "behaviours/test_event_targets.py", "behaviours/test_functions.py"
        ),
        ours(
            "GetCommandInvocation",
            "behaviours/test_ssm.py",
            assumed="how long until a command is visible (0.3 s)",
        ),
        moto("GetParameter", "behaviours/test_event_targets.py", "behaviours/test_instances.py"),
        moto("GetParameters", "behaviours/test_codepipeline_actions.py"),
        moto("PutParameter", "behaviours/test_functions.py", "behaviours/test_image_users.py"),
        ours(
            "SendCommand",
            "behaviours/test_codedeploy.py",
            "behaviours/test_ssm.py",
            pages=("Setting up managed nodes",),
            assumed="how long until a command is visible (0.3 s), starts (0.7 s) and ends (1.2 s)",
        ),
    ),
)
