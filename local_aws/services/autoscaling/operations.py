"""Operations of the Auto Scaling API; those not defined here are moto's."""

from __future__ import annotations

from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionResult, EmptyResult

from local_aws.refusal import Refusal
from local_aws.services.autoscaling import launches
from local_aws.services.autoscaling.groups import Group
from local_aws.services.autoscaling.members import Member
from local_aws.services.autoscaling.warm_pools import WarmPool
from local_aws.services.parameters import knows, page

# The most instances that DescribeWarmPool returns in a page.
LARGEST_PAGE = 50

# The most instances that EnterStandby and ExitStandby accept.
MAX_FOR_STANDBY = 20

# Parameters that are kept as given, and the attributes of the group for them.
KEPT = {
    "AvailabilityZoneDistribution": "availability_zone_distribution",
    "CapacityRebalance": "capacity_rebalance",
    "DefaultCooldown": "default_cooldown",
    "DefaultInstanceWarmup": "default_instance_warmup",
    "HealthCheckGracePeriod": "health_check_grace_period",
    "HealthCheckType": "health_check_type",
    "MaxInstanceLifetime": "max_instance_lifetime",
    "NewInstancesProtectedFromScaleIn": "new_instances_protected_from_scale_in",
    "PlacementGroup": "placement_group",
    "ServiceLinkedRoleARN": "service_linked_role_arn",
    "TerminationPolicies": "termination_policies",
}
GROUP_PARAMETERS = (
    "AutoScalingGroupName",
    "AvailabilityZones",
    "DesiredCapacity",
    "LaunchTemplate",
    "MaxSize",
    "MinSize",
    "MixedInstancesPolicy",
    "VPCZoneIdentifier",
    *KEPT,
)


class AutoScalingOperations(AutoScalingResponse):
    def call_action(self) -> TYPE_RESPONSE:
        with self.autoscaling_backend.lock:
            return super().call_action()

    @property
    def autoscaling_backend(self) -> Any:
        return super().autoscaling_backend

    @property
    def group(self) -> Group:
        found: Group = self.autoscaling_backend.group(self._get_param("AutoScalingGroupName"))
        return found

    @knows(*GROUP_PARAMETERS, "Tags", "TargetGroupARNs")
    def create_auto_scaling_group(self) -> ActionResult:
        name = self._get_param("AutoScalingGroupName")
        if name in self.autoscaling_backend.autoscaling_groups:
            raise AutoscalingClientError(
                "AlreadyExists", f"AutoScalingGroup by this name already exists - {name}"
            )
        launches.check_policy(self._get_param("MixedInstancesPolicy", {}))
        least, most = self._get_int_param("MinSize"), self._get_int_param("MaxSize")
        _check_sizes(least, self._get_int_param("DesiredCapacity", least), most)
        super().create_auto_scaling_group()
        self._keep()
        self.group.balance("a user created the group")
        return EmptyResult()

    @knows(*GROUP_PARAMETERS)
    def update_auto_scaling_group(self) -> ActionResult:
        """UpdateAutoScalingGroup: a desired capacity outside the new sizes is adjusted (API
        Reference)."""
        group = self.group
        policy = self._get_param("MixedInstancesPolicy")
        launches.check_policy(policy or {})
        if group.warm_pool:
            _check_for_warm_pool(policy)
        least = self._get_int_param("MinSize", group.min_size)
        most = self._get_int_param("MaxSize", group.max_size)
        fitting = max(least or 0, min(most or 0, group.wanted))
        desired = self._get_int_param("DesiredCapacity", fitting)
        _check_sizes(least, desired, most)
        group._set_azs_and_vpcs(
            self._get_param("AvailabilityZones", []),
            self._get_param("VPCZoneIdentifier"),
            update=True,
        )
        template = self._get_param("LaunchTemplate")
        if template or policy:
            group.mixed_instances_policy = policy
            group._set_launch_configuration("", template, policy)
        group.min_size, group.max_size, group.desired_capacity = least, most, desired
        self._keep()
        group.balance("a user request updated the group's capacity")
        return EmptyResult()

    def _keep(self) -> None:
        for parameter, attribute in KEPT.items():
            value = self._get_param(parameter)
            if value is not None:
                setattr(self.group, attribute, value)

    @knows("AutoScalingGroupName", "DesiredCapacity", "HonorCooldown")
    def set_desired_capacity(self) -> ActionResult:
        group, desired = self.group, self._get_int_param("DesiredCapacity")
        _check_sizes(group.min_size, desired, group.max_size)
        self.autoscaling_backend.set_desired_capacity(group.name, desired)
        return EmptyResult()

    @knows("AutoScalingGroupName", "ForceDelete")
    def delete_auto_scaling_group(self) -> ActionResult:
        self.autoscaling_backend.delete_auto_scaling_group(
            self.group.name, self._get_param("ForceDelete", False)
        )
        return EmptyResult()

    @knows("ActivityIds", "AutoScalingGroupName", "IncludeDeletedGroups", "MaxRecords", "NextToken")
    def describe_scaling_activities(self) -> ActionResult:
        """DescribeScalingActivities: the newest first (API Reference)."""
        backend, name = self.autoscaling_backend, self._get_param("AutoScalingGroupName")
        deleted, ids = self._get_param("IncludeDeletedGroups"), self._get_param("ActivityIds", [])
        activities = [
            activity
            for activity in backend.activities
            if name in (None, activity.auto_scaling_group_name)
            and (deleted or activity.auto_scaling_group_name in backend.autoscaling_groups)
            and (not ids or activity.activity_id in ids)
        ]
        shown, token = page(
            activities, self._get_int_param("MaxRecords", 100), self._get_param("NextToken")
        )
        return ActionResult({"Activities": shown, "NextToken": token})

    @knows("HealthStatus", "InstanceId", "ShouldRespectGracePeriod")
    def set_instance_health(self) -> ActionResult:
        """SetInstanceHealth; the group's grace period is ignored."""
        instance_id, health = self._get_param("InstanceId"), self._get_param("HealthStatus")
        if health not in ("Healthy", "Unhealthy"):
            raise ValidationError(f"{health} is not a valid health status: Healthy, Unhealthy")
        group = self.autoscaling_backend.group_of(instance_id)
        group.member(instance_id).health_status = health
        group.replace_unhealthy()
        return EmptyResult()

    @knows("InstanceId", "ShouldDecrementDesiredCapacity")
    def terminate_instance_in_auto_scaling_group(self) -> ActionResult:
        instance_id = self._get_param("InstanceId")
        group: Group = self.autoscaling_backend.group_of(instance_id)
        _check_not_warm(group.member(instance_id))
        if self._get_param("ShouldDecrementDesiredCapacity"):
            _check_sizes(group.min_size, group.wanted - 1, group.max_size)
            group.desired_capacity = group.wanted - 1
        group.terminate(group.member(instance_id), "a user request terminated an instance")
        group.balance("an instance was terminated on request")
        return ActionResult({"Activity": self.autoscaling_backend.activities[0]})

    def set_instance_protection(self) -> ActionResult:
        for instance_id in self._get_param("InstanceIds", []):
            _check_not_warm(self.group.member(instance_id))
        return super().set_instance_protection()

    def resume_processes(self) -> ActionResult:
        super().resume_processes()
        self.group.check_health()
        self.group.replace_unhealthy()
        self.group.balance("a user request resumed processes")
        return EmptyResult()

    def _members_for_standby(self) -> list[Member]:
        ids = self._get_param("InstanceIds", [])
        if len(ids) > MAX_FOR_STANDBY:
            raise ValidationError(
                "1 validation error detected: Value at 'instanceIds' failed to satisfy constraint: "
                f"Member must have length less than or equal to {MAX_FOR_STANDBY}"
            )
        return [self.group.member(instance_id) for instance_id in ids]

    @knows("AutoScalingGroupName", "InstanceIds", "ShouldDecrementDesiredCapacity")
    def enter_standby(self) -> ActionResult:
        """EnterStandby: from InService only ("Temporarily remove instances from your Auto Scaling
        group")."""
        group, decrement = self.group, self._get_param("ShouldDecrementDesiredCapacity")
        if decrement is None:
            raise ValidationError("ShouldDecrementDesiredCapacity is required")
        members = self._members_for_standby()
        for member in members:
            if member.lifecycle_state != "InService":
                raise ValidationError(f"The instance {member.instance_id} is not in InService.")
        if decrement:
            _check_sizes(group.min_size, group.wanted - len(members), group.max_size)
            group.desired_capacity = group.wanted - len(members)
        activities = [group.enter_standby(member) for member in members]
        group.balance("instances were moved to Standby")
        return ActionResult({"Activities": activities})

    @knows("AutoScalingGroupName", "InstanceIds")
    def exit_standby(self) -> ActionResult:
        """ExitStandby: raises the desired capacity, up to MaxSize ("Temporarily remove instances
        from your Auto Scaling group")."""
        group = self.group
        members = self._members_for_standby()
        for member in members:
            if member.lifecycle_state != "Standby":
                raise ValidationError(f"The instance {member.instance_id} is not in Standby.")
        if group.is_suspended("Launch"):
            raise ValidationError(f"The Launch process of {group.name} is suspended.")
        _check_sizes(group.min_size, group.wanted + len(members), group.max_size)
        group.desired_capacity = group.wanted + len(members)
        activities = [group.exit_standby(member) for member in members]
        group.balance("instances were moved out of Standby")
        return ActionResult({"Activities": activities})

    @knows(
        "AutoScalingGroupName",
        "DefaultResult",
        "HeartbeatTimeout",
        "LifecycleHookName",
        "LifecycleTransition",
    )
    def put_lifecycle_hook(self) -> ActionResult:
        transition = self._get_param("LifecycleTransition")
        if transition != "autoscaling:EC2_INSTANCE_LAUNCHING":
            raise Refusal(f"lifecycle hooks on {transition}")
        return super().put_lifecycle_hook()

    @knows("AutoScalingGroupName", "InstanceId", "LifecycleActionResult", "LifecycleHookName")
    def complete_lifecycle_action(self) -> ActionResult:
        """CompleteLifecycleAction by instance ID: there are no tokens, as hooks notify no
        target."""
        group, result = self.group, self._get_param("LifecycleActionResult")
        if result not in ("CONTINUE", "ABANDON"):
            raise ValidationError(f"{result} is not a lifecycle action result: CONTINUE, ABANDON")
        instance_id, hook_name = self._get_param("InstanceId"), self._get_param("LifecycleHookName")
        member = group.member(instance_id)
        if hook_name not in member.waiting_for:
            raise ValidationError(
                f"No active Lifecycle Action found with instance ID {instance_id}"
            )
        group.complete(member, hook_name, result)
        return EmptyResult()

    @knows(
        "AutoScalingGroupName",
        "InstanceReusePolicy",
        "MaxGroupPreparedCapacity",
        "MinSize",
        "PoolState",
    )
    def put_warm_pool(self) -> ActionResult:
        """PutWarmPool: omitted settings stay as they are; -1 removes the prepared capacity."""
        group = self.group
        _check_for_warm_pool(group.mixed_instances_policy)
        if (self._get_param("InstanceReusePolicy") or {}).get("ReuseOnScaleIn"):
            raise Refusal("the InstanceReusePolicy of a warm pool")
        pool = group.warm_pool or WarmPool(group)
        state = self._get_param("PoolState", pool.pool_state)
        if state not in ("Stopped", "Running"):
            raise Refusal(f"the PoolState {state} of a warm pool")
        if state != pool.pool_state and pool.members:
            raise Refusal("another PoolState for a warm pool that has instances")
        if pool.status:
            raise Refusal("changes to a warm pool that is being deleted")
        prepared = self._get_int_param("MaxGroupPreparedCapacity", pool.max_group_prepared_capacity)
        pool.max_group_prepared_capacity = None if prepared == -1 else prepared
        pool.min_size = self._get_int_param("MinSize", pool.min_size)
        pool.pool_state = state
        group.warm_pool = pool
        group.balance("a user request changed the warm pool")
        return EmptyResult()

    @knows("AutoScalingGroupName", "MaxRecords", "NextToken")
    def describe_warm_pool(self) -> ActionResult:
        pool = self.group.warm_pool
        limit = self._get_int_param("MaxRecords", LARGEST_PAGE)
        if not 1 <= limit <= LARGEST_PAGE:
            raise ValidationError(f"MaxRecords is {limit}; it must be 1 to {LARGEST_PAGE}")
        shown, token = page(pool.members if pool else [], limit, self._get_param("NextToken"))
        return ActionResult({"WarmPoolConfiguration": pool, "Instances": shown, "NextToken": token})

    @knows("AutoScalingGroupName", "ForceDelete")
    def delete_warm_pool(self) -> ActionResult:
        pool = self.group.warm_pool
        if not pool:
            raise ValidationError(f"No warm pool found for {self.group.name}")
        pool.delete(self._get_param("ForceDelete", False))
        return EmptyResult()


def _check_sizes(least: int | None, desired: int | None, most: int | None) -> None:
    """Check that MinSize <= DesiredCapacity <= MaxSize (SetDesiredCapacity)."""
    if not (least or 0) <= (desired or 0) <= (most or 0):
        raise ValidationError(
            f"Desired capacity:{desired} must be between the specified min size:{least} and max "
            f"size:{most}"
        )


def _check_for_warm_pool(policy: dict[str, Any] | None) -> None:
    """Check the limitations of warm pools ("Limitations", Amazon EC2 Auto Scaling User Guide)."""
    if launches.may_be_spot(policy):
        raise ValidationError("A warm pool is not supported in a group with Spot Instances.")


def _check_not_warm(member: Member) -> None:
    """Refuse operations that "cannot be called on instances in a warm pool" (API Reference)."""
    if member.is_warm:
        raise ValidationError(f"The instance {member.instance_id} is in a warm pool.")
