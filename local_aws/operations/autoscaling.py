"""Operations of Amazon EC2 Auto Scaling."""

from __future__ import annotations

from local_aws.operations.table import Service, extended, moto, ours

TERMINATION = "how long a termination takes (60 s)"
LAUNCH_AND_TERMINATION = f"when a failed launch is tried again (after 60 s), and {TERMINATION}"
WARM_POOLS = "Decrease latency for applications with long boot times using warm pools"

SERVICE = Service(
    prefix="autoscaling",
    name="Amazon EC2 Auto Scaling",
    reference="https://docs.aws.amazon.com/autoscaling/ec2/APIReference",
    guide="Amazon EC2 Auto Scaling User Guide",
    operations=(
        extended("AttachLoadBalancerTargetGroups", "behaviours/test_load_balancing.py"),
        ours(
            "CompleteLifecycleAction",
            "behaviours/test_lifecycle_hooks.py",
            "behaviours/test_warm_pools.py",
            pages=("Lifecycle hooks",),
        ),
        extended(
            "CreateAutoScalingGroup",
            "behaviours/test_autoscaling.py",
            pages=(
                "Required AWS KMS key policy for use with encrypted volumes",
                "Availability Zone distribution",
            ),
            assumed=LAUNCH_AND_TERMINATION,
        ),
        ours(
            "DeleteAutoScalingGroup",
            "behaviours/test_autoscaling.py",
            "behaviours/test_warm_pools.py",
            assumed=TERMINATION,
        ),
        extended("DeleteLifecycleHook", "behaviours/test_lifecycle_hooks.py"),
        ours(
            "DeleteWarmPool",
            "behaviours/test_warm_pools.py",
            pages=(WARM_POOLS,),
        ),
        moto(
            "DescribeAutoScalingGroups",
            "behaviours/test_autoscaling.py",
            "behaviours/test_warm_pools.py",
        ),
        moto("DescribeAutoScalingInstances", "behaviours/test_warm_pools.py"),
        moto("DescribeLifecycleHooks", "behaviours/test_lifecycle_hooks.py"),
        ours("DescribeScalingActivities", "behaviours/test_autoscaling.py"),
        ours(
            "DescribeWarmPool",
            "behaviours/test_warm_pools.py",
            pages=(WARM_POOLS,),
        ),
        extended("DetachLoadBalancerTargetGroups", "behaviours/test_load_balancing.py"),
        ours(
            "EnterStandby",
            "behaviours/test_health_and_standby.py",
            "behaviours/test_load_balancing.py",
            pages=("Temporarily remove instances from your Auto Scaling group",),
            assumed="how long an instance takes to enter Standby (5 s, and until it has drained)",
        ),
        moto("ExecutePolicy", "behaviours/test_autoscaling.py"),
        ours(
            "ExitStandby",
            "behaviours/test_health_and_standby.py",
            "behaviours/test_load_balancing.py",
            pages=("Temporarily remove instances from your Auto Scaling group",),
            assumed="how long an instance takes to leave Standby (5 s)",
        ),
        extended(
            "PutLifecycleHook",
            "behaviours/test_lifecycle_hooks.py",
            "behaviours/test_warm_pools.py",
            pages=("Lifecycle hooks",),
        ),
        moto("PutScalingPolicy", "behaviours/test_autoscaling.py"),
        ours(
            "PutWarmPool",
            "behaviours/test_warm_pools.py",
            pages=(
                WARM_POOLS,
                "Use lifecycle hooks with a warm pool",
            ),
        ),
        extended(
            "ResumeProcesses",
            "behaviours/test_health_and_standby.py",
            pages=("Health checks for instances in an Auto Scaling group",),
        ),
        ours(
            "SetDesiredCapacity",
            "behaviours/test_load_balancing.py",
            "behaviours/test_lifecycle_hooks.py",
            assumed=LAUNCH_AND_TERMINATION,
        ),
        ours(
            "SetInstanceHealth",
            "behaviours/test_health_and_standby.py",
            pages=("Health checks for instances in an Auto Scaling group",),
        ),
        extended("SetInstanceProtection", "behaviours/test_warm_pools.py"),
        moto("SuspendProcesses", "behaviours/test_health_and_standby.py"),
        ours(
            "TerminateInstanceInAutoScalingGroup",
            "behaviours/test_warm_pools.py",
            pages=("Amazon EC2 Auto Scaling instance lifecycle",),
            assumed=TERMINATION,
        ),
        ours(
            "UpdateAutoScalingGroup",
            "behaviours/test_autoscaling.py",
            "behaviours/test_warm_pools.py",
            assumed=LAUNCH_AND_TERMINATION,
        ),
    ),
)
