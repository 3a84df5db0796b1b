"""Operations of AWS CodeDeploy."""

from __future__ import annotations

from local_aws.operations.table import TERRAFORM, Service, moto, ours

SERVICE = Service(
    prefix="codedeploy",
    name="AWS CodeDeploy",
    reference="https://docs.aws.amazon.com/codedeploy/latest/APIReference",
    guide="AWS CodeDeploy User Guide",
    operations=(
        ours("BatchGetDeploymentTargets", "behaviours/test_codedeploy.py"),
        ours("BatchGetDeployments", "behaviours/test_codedeploy.py"),
        moto("CreateApplication", "behaviours/test_codedeploy.py"),
        ours(
            "CreateDeployment",
            "behaviours/test_codedeploy.py",
            pages=(
                "CodeDeploy AppSpec file reference",
                "AppSpec 'hooks' section",
                "Integrating CodeDeploy with Elastic Load Balancing",
                "Predefined deployment configurations for an EC2/on-premises compute platform",
                "Redeploy and roll back a deployment",
                "Automatic updates to outdated instances",
            ),
            assumed="how long a lifecycle event takes (2 s, a condition)",
        ),
        ours(
            "CreateDeploymentGroup",
            "behaviours/test_codedeploy.py",
            pages=("Integrating CodeDeploy with Amazon EC2 Auto Scaling",),
        ),
        ours(
            "DeleteApplication",
            TERRAFORM,
            pages=("Integrating CodeDeploy with Amazon EC2 Auto Scaling",),
        ),
        ours(
            "DeleteDeploymentGroup",
            TERRAFORM,
            pages=("Integrating CodeDeploy with Amazon EC2 Auto Scaling",),
        ),
        moto("GetApplication", TERRAFORM),
        ours("GetDeployment", "behaviours/test_codedeploy.py"),
        ours("GetDeploymentGroup", "behaviours/test_codedeploy.py"),
        ours("ListDeploymentTargets", "behaviours/test_codedeploy.py"),
        ours("ListDeployments", "behaviours/test_codedeploy.py"),
        moto("ListTagsForResource", TERRAFORM),
        ours("RegisterApplicationRevision", "behaviours/test_authorization.py"),
        ours("StopDeployment", "behaviours/test_codedeploy.py"),
    ),
)
