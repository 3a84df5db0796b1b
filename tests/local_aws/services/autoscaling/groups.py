"""An Auto Scaling group that keeps itself at its desired capacity."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup
from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError
from moto.elbv2.exceptions import TargetGroupNotFoundError

from local_aws.house import house
from local_aws.services.autoscaling import launches
from local_aws.services.autoscaling.activities import Activity
from local_aws.services.autoscaling.members import Member

# AWS seconds. AWS does not say how long; these are what one sees.
RETRY_SECONDS = 60
TERMINATION_SECONDS = 60
STANDBY_SECONDS = 5


class Group(FakeAutoScalingGroup):
    """A group; whoever calls holds the lock of its backend.

    Attributes:
        retrying: a launch failed, and another attempt is due.
        status: set while the group is being deleted.
    """

    instance_states: list[Member]  # type: ignore[assignment]
    mixed_instances_policy: dict[str, Any] | None
    default_instance_warmup: int | None = None
    max_instance_lifetime: int | None = None
    retrying = False
    status: str | None = None

    @property
    def backend(self) -> Any:
        return self.autoscaling_backend

    @property
    def launch_template(self) -> dict[str, Any] | None:
        """As it was given; a group with a mixed instances policy shows its template only there."""
        return None if self.mixed_instances_policy else super().launch_template

    @property
    def template_specification(self) -> dict[str, Any]:
        assert self.ec2_launch_template
        return {
            "LaunchTemplateId": self.ec2_launch_template.id,
            "Version": self.launch_template_version,
        }

    @property
    def wanted(self) -> int:
        return self.desired_capacity or 0

    @property
    def counted(self) -> list[Member]:
        """The instances that count towards the desired capacity."""
        return [member for member in self.instance_states if member.counts]

    def is_suspended(self, process: str) -> bool:
        return process in self._suspended_processes

    def member(self, instance_id: str) -> Member:
        for member in self.instance_states:
            if member.instance_id == instance_id:
                return member
        raise ValidationError(
            f"The instance {instance_id} is not part of Auto Scaling group {self.name}."
        )

    def set_desired_capacity(self, new_capacity: int | None) -> None:
        """Keep the number; `balance` acts on it (moto calls this from its constructor)."""
        self.desired_capacity = self.min_size if new_capacity is None else new_capacity

    def balance(self, why: str) -> None:
        """Launch or terminate until as many instances count as are desired."""
        missing = self.wanted - len(self.counted)
        if missing > 0 and not self.is_suspended("Launch"):
            for _ in range(missing):
                if not self._launch(why):
                    self._retry()
                    break
        elif missing < 0 and not self.is_suspended("Terminate"):
            for member in self._next_to_go()[:-missing]:
                self.terminate(member, why)

    def _launch(self, why: str) -> bool:
        activity = self.note("Launching a new EC2 instance", f"{why}, {self._sizes()}")
        try:
            instance, version = launches.launch(self)
        except EC2ClientError as error:
            activity.fail(f"{error.message}. Launching EC2 instance failed.")
            return False
        activity.description += f": {instance.id}"
        self.instance_states.append(Member(self, instance, version, activity))
        return True

    def _retry(self) -> None:
        """Auto Scaling tries again, slower and slower; here, at one pace."""

        def again() -> None:
            self.retrying = False
            self.balance("an earlier launch failed")

        if not self.retrying:
            self.retrying = True
            self._later(RETRY_SECONDS, again)

    def _next_to_go(self) -> list[Member]:
        """The default termination policy: the oldest launch template version, then the oldest."""
        unprotected = [member for member in self.counted if not member.protected_from_scale_in]
        return sorted(unprotected, key=lambda m: (m.version.number, m.instance.launch_time))

    def booted(self, member: Member) -> None:
        """The instance runs: wait for the launch hooks, if there are any ("Lifecycle hooks")."""
        hooks = self.backend.describe_lifecycle_hooks(self.name)
        if not hooks:
            self.put_in_service(member)
            return
        member.lifecycle_state = "Pending:Wait"
        for hook in hooks:
            member.waiting_for[hook.name] = self._later(
                hook.heartbeat_timeout, self.complete, member, hook.name, hook.default_result
            )
        for hook in hooks:
            for listener in self.backend.launch_listeners:
                house.run(listener, self.name, member.instance_id, hook.name)

    def complete(self, member: Member, hook_name: str, result: str) -> None:
        """A lifecycle action is complete, or timed out with its default result."""
        if not member.stop_waiting(hook_name):
            return
        if result == "ABANDON":
            member.launching.fail(f"The lifecycle action of {hook_name} was abandoned.")
            self.terminate(member, f"lifecycle hook {hook_name} was abandoned")
            self._retry()
        elif not member.waiting_for:
            member.lifecycle_state = "Pending:Proceed"
            self.put_in_service(member)

    def put_in_service(self, member: Member) -> None:
        if member.instance.state != "running":
            member.health_status = "Unhealthy"
        if not self.is_suspended("AddToLoadBalancer"):
            self.register([member])
        member.lifecycle_state = "InService"
        member.launching.succeed()
        self.replace_unhealthy()

    def replace_unhealthy(self) -> None:
        """ "Health checks for instances in an Auto Scaling group": terminate and launch anew."""
        if self.is_suspended("ReplaceUnhealthy"):
            return
        sick = [
            member
            for member in self.instance_states
            if member.lifecycle_state == "InService" and member.health_status == "Unhealthy"
        ]
        for member in sick:
            self.terminate(member, "an instance was taken out of service: it is unhealthy")
        if sick:
            self.balance("an unhealthy instance needed to be replaced")

    def lost(self, member: Member) -> None:
        """The instance does not run any more: "immediately marked as unhealthy" (health checks)."""
        if member.lifecycle_state == "InService" and not self.is_suspended("HealthCheck"):
            member.health_status = "Unhealthy"
            self.replace_unhealthy()
        elif member.counts and member.lifecycle_state != "InService":
            member.launching.fail("The instance stopped before it was in service.")
            self.terminate(member, "an instance stopped before it was in service")
            self._retry()

    def check_health(self) -> None:
        """Look for instances that do not run, which nobody heard of while checks were suspended."""
        for member in list(self.instance_states):
            if member.instance.state not in ("pending", "running"):
                self.lost(member)

    def terminate(self, member: Member, why: str) -> None:
        for hook_name in list(member.waiting_for):
            member.stop_waiting(hook_name)
        member.launching.cancel()
        member.lifecycle_state = "Terminating"
        self.deregister(member)
        activity = self.note(f"Terminating EC2 instance: {member.instance_id}", why)
        self._later(TERMINATION_SECONDS, self._gone, member, activity)

    def _gone(self, member: Member, activity: Activity) -> None:
        if member.instance.state != "terminated":
            self.ec2_backend.terminate_instances([member.instance_id])
        self.instance_states.remove(member)
        activity.succeed()
        self.backend.forget_if_empty(self)

    def enter_standby(self, member: Member) -> Activity:
        member.lifecycle_state = "EnteringStandby"
        self.deregister(member)
        activity = self.note(
            f"Moving EC2 instance to Standby: {member.instance_id}", "a user requested it"
        )

        def arrive() -> None:
            if member.lifecycle_state == "EnteringStandby":
                member.lifecycle_state = "Standby"
                activity.succeed()

        self._later(STANDBY_SECONDS, arrive)
        return activity

    def exit_standby(self, member: Member) -> Activity:
        """Back through ``Pending``, without lifecycle hooks ("How lifecycle hooks work")."""
        member.lifecycle_state = "Pending"
        member.launching = self.note(
            f"Moving EC2 instance out of Standby: {member.instance_id}", "a user requested it"
        )

        def arrive() -> None:
            if member.lifecycle_state == "Pending":
                self.put_in_service(member)

        self._later(STANDBY_SECONDS, arrive)
        return member.launching

    def register(self, members: Iterable[Member]) -> None:
        """Make those of the members that run targets of the group's target groups."""
        running = [{"Id": m.instance_id} for m in members if m.instance.state == "running"]
        for arn in self.target_group_arns:
            target_group = self.backend.elbv2_backend.target_groups.get(arn)
            if target_group:
                target_group.register(running)

    def deregister(self, member: Member) -> None:
        for arn in self.target_group_arns:
            try:
                self.backend.elbv2_backend.deregister_targets(arn, [{"Id": member.instance_id}])
            except TargetGroupNotFoundError:
                # A target group can be deleted before the group that names it.
                continue

    def note(self, description: str, why: str) -> Activity:
        activity = Activity(
            self.name, self.arn, description, f"At {utcnow():%Y-%m-%dT%H:%M:%SZ} {why}."
        )
        self.backend.activities.insert(0, activity)
        return activity

    def _sizes(self) -> str:
        return f"with {len(self.counted)} of {self.wanted} instances"

    def _later(self, seconds: float, act: Any, *args: Any) -> Any:
        """Act with the lock held, unless the group is gone by then."""

        def acting() -> None:
            with self.backend.lock:
                if self.backend.autoscaling_groups.get(self.name) is self:
                    act(*args)

        return house.clock.after(seconds, acting)
