"""Operations of Amazon EC2."""

from __future__ import annotations

from local_aws.operations.table import TERRAFORM, Service, extended, moto, ours

BOOT = "how long an instance takes until it is running (40 s, a condition)"
IDEMPOTENCY = "Ensuring idempotency in EC2 API requests (Amazon EC2 Developer Guide)"

SERVICE = Service(
    prefix="ec2",
    name="Amazon EC2",
    reference="https://docs.aws.amazon.com/AWSEC2/latest/APIReference",
    guide="Amazon EC2 User Guide",
    operations=(
        moto("AssociateRouteTable", TERRAFORM),
        moto("AttachInternetGateway", TERRAFORM),
        extended("AuthorizeSecurityGroupEgress", TERRAFORM),
        extended("AuthorizeSecurityGroupIngress", TERRAFORM),
        ours(
            "CreateImage",
            "behaviours/test_images.py",
            pages=("Create Amazon EBS snapshots (Amazon EBS User Guide)",),
            assumed="how long an image is pending (180 s, a condition) and a reboot takes (120 s)",
        ),
        moto("CreateInternetGateway", TERRAFORM),
        ours(
            "CreateLaunchTemplate",
            "behaviours/test_launch_templates.py",
            pages=(IDEMPOTENCY,),
        ),
        ours(
            "CreateLaunchTemplateVersion",
            "behaviours/test_launch_templates.py",
            "behaviours/test_autoscaling.py",
            pages=(
                IDEMPOTENCY,
                "Manage launch template versions",
            ),
        ),
        moto("CreateRoute", TERRAFORM),
        moto("CreateRouteTable", TERRAFORM),
        moto("CreateSecurityGroup", "behaviours/test_instances.py"),
        moto("CreateSubnet", TERRAFORM),
        moto("CreateTags", "behaviours/test_authorization.py"),
        moto("CreateVpc", TERRAFORM),
        moto("DeleteInternetGateway", TERRAFORM),
        ours("DeleteLaunchTemplate", "bakes/test_retention.py", "integration/test_failures.py"),
        ours(
            "DeleteLaunchTemplateVersions",
            "behaviours/test_launch_templates.py",
            pages=("Manage launch template versions",),
        ),
        moto("DeleteRouteTable", TERRAFORM),
        moto("DeleteSecurityGroup", TERRAFORM),
        moto(
            "DeleteSnapshot", "behaviours/test_deregistering.py", "behaviours/test_image_users.py"
        ),
        moto("DeleteSubnet", TERRAFORM),
        moto("DeleteTags", "behaviours/test_authorization.py"),
        moto("DeleteVpc", TERRAFORM),
        ours(
            "DeregisterImage",
            "behaviours/test_deregistering.py",
            "behaviours/test_image_users.py",
            assumed="how long the name of a deregistered image stays in use (300 s)",
        ),
        moto("DescribeAvailabilityZones", TERRAFORM),
        extended("DescribeImageAttribute", "behaviours/test_image_users.py"),
        ours(
            "DescribeImageReferences",
            "behaviours/test_image_users.py",
            pages=("Identify your resources referencing specified AMIs",),
        ),
        ours(
            "DescribeImages",
            "behaviours/test_images.py",
            pages=("Calling AMI public parameters (AWS Systems Manager User Guide)",),
        ),
        moto("DescribeInstanceTypes", TERRAFORM),
        moto("DescribeInstances", "behaviours/test_instances.py"),
        moto("DescribeInternetGateways", TERRAFORM),
        ours("DescribeLaunchTemplateVersions", "behaviours/test_launch_templates.py"),
        ours("DescribeLaunchTemplates", "behaviours/test_launch_templates.py"),
        moto("DescribeNetworkAcls", TERRAFORM),
        moto("DescribeNetworkInterfaces", TERRAFORM),
        moto("DescribeRouteTables", TERRAFORM),
        moto("DescribeSecurityGroupRules", TERRAFORM),
        moto("DescribeSecurityGroups", TERRAFORM),
        ours("DescribeSnapshots", "behaviours/test_deregistering.py"),
        moto("DescribeSubnets", "behaviours/test_autoscaling.py"),
        moto("DescribeVolumes", "behaviours/test_instances.py"),
        moto("DescribeVpcAttribute", TERRAFORM),
        moto("DescribeVpcs", "behaviours/test_codedeploy.py", "behaviours/test_instances.py"),
        moto("DetachInternetGateway", TERRAFORM),
        moto("DisableImage", "behaviours/test_deregistering.py"),
        ours(
            "DisableImageDeregistrationProtection",
            "behaviours/test_image_users.py",
            pages=("Protect an Amazon EC2 AMI from deregistration",),
        ),
        moto("DisassociateRouteTable", TERRAFORM),
        ours(
            "EnableImageDeregistrationProtection",
            "behaviours/test_image_users.py",
            pages=("Protect an Amazon EC2 AMI from deregistration",),
        ),
        moto("ModifyImageAttribute", "behaviours/test_image_users.py"),
        ours(
            "ModifyLaunchTemplate",
            "behaviours/test_launch_templates.py",
            pages=(IDEMPOTENCY,),
        ),
        moto("ModifySubnetAttribute", TERRAFORM),
        moto("ModifyVpcAttribute", TERRAFORM),
        extended("RebootInstances", "behaviours/test_images.py"),
        extended("RevokeSecurityGroupEgress", TERRAFORM),
        extended("RevokeSecurityGroupIngress", TERRAFORM),
        extended(
            "RunInstances",
            "behaviours/test_instances.py",
            pages=(
                "Block device mappings for volumes on Amazon EC2 instances",
                "Amazon EBS encryption (Amazon EBS User Guide)",
            ),
            assumed=BOOT,
        ),
        extended(
            "StartInstances",
            "behaviours/test_instances.py",
            "behaviours/test_health_and_standby.py",
            pages=("Amazon EC2 instance state changes",),
            assumed=BOOT,
        ),
        extended(
            "StopInstances",
            "behaviours/test_instances.py",
            pages=("Amazon EC2 instance state changes",),
        ),
        extended(
            "TerminateInstances",
            "behaviours/test_health_and_standby.py",
            "behaviours/test_images.py",
            pages=("Amazon EC2 instance state changes",),
        ),
    ),
)
