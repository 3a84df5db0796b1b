"""Operations of Elastic Load Balancing."""

from __future__ import annotations

from local_aws.operations.table import TERRAFORM, Service, extended, moto

SERVICE = Service(
    prefix="elasticloadbalancing",
    name="Elastic Load Balancing",
    reference="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference",
    guide="User Guide for Application Load Balancers",
    operations=(
        moto("CreateListener", TERRAFORM),
        moto("CreateLoadBalancer", TERRAFORM),
        extended(
            "CreateTargetGroup",
            "behaviours/test_load_balancing.py",
        ),
        moto("DeleteListener", TERRAFORM),
        moto("DeleteLoadBalancer", TERRAFORM),
        moto("DeleteTargetGroup", "behaviours/test_load_balancing.py"),
        extended(
            "DeregisterTargets",
            "behaviours/test_load_balancing.py",
            pages=("Edit target group attributes for your Application Load Balancer",),
        ),
        moto("DescribeCapacityReservation", TERRAFORM),
        moto("DescribeListenerAttributes", TERRAFORM),
        moto("DescribeListeners", TERRAFORM),
        moto("DescribeLoadBalancerAttributes", TERRAFORM),
        moto("DescribeLoadBalancers", TERRAFORM),
        moto("DescribeTags", TERRAFORM),
        moto("DescribeTargetGroupAttributes", TERRAFORM),
        moto("DescribeTargetGroups", TERRAFORM),
        extended(
            "DescribeTargetHealth",
            "behaviours/test_load_balancing.py",
            pages=("Edit target group attributes for your Application Load Balancer",),
        ),
        moto("ModifyLoadBalancerAttributes", TERRAFORM),
        moto("ModifyTargetGroupAttributes", "behaviours/test_load_balancing.py"),
        extended("RegisterTargets", "behaviours/test_load_balancing.py"),
    ),
)
