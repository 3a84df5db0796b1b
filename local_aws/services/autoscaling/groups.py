"""An Auto Scaling group that keeps itself at its desired capacity."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup
from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError
from moto.elbv2.exceptions import TargetGroupNotFoundError

from local_aws.server_state import server_state
from local_aws.services.autoscaling import encryption, launches
from local_aws.services.autoscaling.activities import Activity
from local_aws.services.autoscaling.members import SETTLED, Member, in_termination_order
from local_aws.services.autoscaling.warm_pools import WarmPool

# AWS seconds. AWS does not say how long these take.
RETRY_SECONDS = 60
TERMINATION_SECONDS = 60
STANDBY_SECONDS = 5


class Group(FakeAutoScalingGroup):
    """A group; its callers hold the lock of its backend.

    Attributes:
        instance_states: its instances, and those of its warm pool.
        retrying: whether another launch is scheduled after one that failed.
        status: set while the group is being deleted.
    """

    instance_states: list[Member]  # type: ignore[assignment]
    mixed_instances_policy: dict[str, Any] | None
    default_instance_warmup: int | None = None
    max_instance_lifetime: int | None = None
    retrying = False
    status: str | None = None
    warm_pool: WarmPool | None  # type: ignore[assignment]

    @property
    def backend(self) -> Any:
        return self.autoscaling_backend

    @property
    def launch_template(self) -> dict[str, Any] | None:
        """The launch template as given; ``None`` in a group with a mixed instances policy."""
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
    def instances(self) -> list[Member]:  # type: ignore[override]
        """The instances in DescribeAutoScalingGroups: all but those of the warm pool."""
        return [member for member in self.instance_states if not member.is_warm]

    @property
    def warm_pool_size(self) -> int | None:
        return len(self.warm_pool.members) if self.warm_pool else None

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
        """Set the desired capacity, without acting on it (moto calls this in its constructor)."""
        self.desired_capacity = self.min_size if new_capacity is None else new_capacity

    def balance(self, why: str) -> None:
        """Launch or terminate instances until the desired capacity is reached."""
        missing = self.wanted - len(self.counted)
        if missing > 0 and not self.is_suspended("Launch"):
            for _ in range(missing):
                if not self._launch(why):
                    self.retry()
                    break
        elif missing < 0 and not self.is_suspended("Terminate"):
            for member in in_termination_order(self.counted)[:-missing]:
                self.terminate(member, why)
        if self.warm_pool:
            self.warm_pool.balance(why)

    def _launch(self, why: str) -> bool:
        """Start an instance of the warm pool if one is ready, and otherwise launch one.

        Returns:
            whether the launch began.
        """
        why = f"{why}, {self._sizes()}"
        if member := self.warm_pool and self.warm_pool.next_to_start():
            member.lifecycle_state = "Pending"
            member.launching = self.note(
                f"Launching a new EC2 instance from warm pool: {member.instance_id}", why
            )
            if member.instance.state == "running":
                self._later(0, self.booted, member)
            else:
                self.ec2_backend.start_instances([member.instance_id])
            return True
        return self.launch(why, "Launching a new EC2 instance", "Pending", self.counted)

    def launch(self, why: str, what: str, lifecycle_state: str, others: list[Member]) -> bool:
        """Launch an instance.

        Args:
            why: the cause of the activity.
            what: the description of the activity.
            others: see `launches.launch`.

        Returns:
            whether the launch began.
        """
        activity = self.note(what, why)
        try:
            instance, version = launches.launch(self, others)
        except EC2ClientError as error:
            activity.fail(f"{error.message}. Launching EC2 instance failed.")
            return False
        activity.description += f": {instance.id}"
        if not encryption.can_launch(instance):
            # "Troubleshoot Amazon EC2 Auto Scaling: EC2 instance launch failures".
            self.ec2_backend.terminate_instances([instance.id])
            activity.fail(
                "Instance became unhealthy while waiting for instance to be in InService state. "
                "Termination Reason: Client.InternalError: Client error on launch"
            )
            return False
        self.instance_states.append(Member(self, instance, version, activity, lifecycle_state))
        return True

    def retry(self) -> None:
        """Launch again later: AWS backs off exponentially, here the delay is constant."""

        def again() -> None:
            self.retrying = False
            self.balance("an earlier launch failed")

        if not self.retrying:
            self.retrying = True
            self._later(RETRY_SECONDS, again)

    def booted(self, member: Member) -> None:
        """Run the launch hooks of an instance that is ``running`` now ("Lifecycle hooks"), again
        when it leaves the warm pool ("Use lifecycle hooks with a warm pool")."""
        if member.lifecycle_state not in ("Pending", "Warmed:Pending") or member.leaves_standby:
            return
        hooks = self.backend.describe_lifecycle_hooks(self.name)
        if not hooks:
            self._settle(member)
            return
        member.lifecycle_state += ":Wait"
        for hook in hooks:
            member.waiting_for[hook.name] = self._later(
                hook.heartbeat_timeout, self.complete, member, hook.name, hook.default_result
            )
        for hook in hooks:
            for listener in self.backend.launch_listeners:
                server_state.run(listener, self.name, member.instance_id, hook.name)

    def complete(self, member: Member, hook_name: str, result: str) -> None:
        """Complete a lifecycle action, after its time-out with the default result."""
        if not member.stop_waiting(hook_name):
            return
        if result == "ABANDON":
            member.launching.fail(f"The lifecycle action of {hook_name} was abandoned.")
            self.terminate(member, f"lifecycle hook {hook_name} was abandoned")
            self.retry()
        elif not member.waiting_for:
            member.lifecycle_state = member.lifecycle_state.replace(":Wait", ":Proceed")
            self._settle(member)

    def _settle(self, member: Member) -> None:
        if not member.is_warm:
            self.put_in_service(member)
        elif self.warm_pool:
            self.warm_pool.put_in(member)

    def put_in_service(self, member: Member) -> None:
        if member.instance.state != "running":
            member.health_status = "Unhealthy"
        if not self.is_suspended("AddToLoadBalancer"):
            self.register([member])
        member.lifecycle_state = "InService"
        member.launching.succeed()
        self.replace_unhealthy()

    def replace_unhealthy(self) -> None:
        """Replace unhealthy instances ("Health checks for instances in an Auto Scaling group")."""
        if self.is_suspended("ReplaceUnhealthy"):
            return
        sick = [
            member
            for member in self.instance_states
            if member.lifecycle_state in SETTLED and member.health_status == "Unhealthy"
        ]
        for member in sick:
            self.terminate(member, "an instance was taken out of service: it is unhealthy")
        if sick:
            self.balance("an unhealthy instance needed to be replaced")

    def lost(self, member: Member) -> None:
        """Handle an instance that has left ``running``: it is "immediately marked as unhealthy"
        ("Health checks for instances in an Auto Scaling group")."""
        if member.lifecycle_state in SETTLED:
            stopped_as_it_should = member.lifecycle_state == "Warmed:Stopped" and (
                member.instance.state == "stopped"
            )
            if not stopped_as_it_should and not self.is_suspended("HealthCheck"):
                member.health_status = "Unhealthy"
                self.replace_unhealthy()
        elif member.launches and member.instance.state not in ("pending", "running"):
            # The state can be an earlier one: an instance of the warm pool may have started since.
            member.launching.fail("The instance stopped before it was in service.")
            self.terminate(member, "an instance stopped before it was in service")
            self.retry()

    def check_health(self) -> None:
        """Check all instances, as changes of state were ignored while checks were suspended."""
        for member in list(self.instance_states):
            if member.instance.state not in ("pending", "running"):
                self.lost(member)

    def terminate(self, member: Member, why: str) -> None:
        for hook_name in list(member.waiting_for):
            member.stop_waiting(hook_name)
        member.launching.cancel()
        warm = member.is_warm
        member.lifecycle_state = "Warmed:Terminating" if warm else "Terminating"
        self.deregister(member)
        where = " from warm pool" if warm else ""
        activity = self.note(f"Terminating EC2 instance{where}: {member.instance_id}", why)
        self._later(TERMINATION_SECONDS, self._gone, member, activity)

    def _gone(self, member: Member, activity: Activity) -> None:
        if member.instance.state != "terminated":
            self.ec2_backend.terminate_instances([member.instance_id])
        self.instance_states.remove(member)
        activity.succeed()
        if self.warm_pool and self.warm_pool.is_over():
            self.warm_pool = None
        self.backend.remove_if_empty(self)

    def enter_standby(self, member: Member) -> Activity:
        """Deregister an instance, and wait until it has drained ("How the standby state works")."""
        member.lifecycle_state = "EnteringStandby"
        self.deregister(member)
        activity = self.note(
            f"Moving EC2 instance to Standby: {member.instance_id}", "a user requested it"
        )

        def arrive() -> None:
            if member.lifecycle_state != "EnteringStandby":
                return
            if self._drains(member):
                self._later(STANDBY_SECONDS, arrive)
                return
            member.lifecycle_state = "Standby"
            activity.succeed()

        self._later(STANDBY_SECONDS, arrive)
        return activity

    def exit_standby(self, member: Member) -> Activity:
        """Return an instance to service: through ``Pending``, without lifecycle hooks ("How
        lifecycle hooks work")."""
        member.lifecycle_state = "Pending"
        member.leaves_standby = True
        member.launching = self.note(
            f"Moving EC2 instance out of Standby: {member.instance_id}", "a user requested it"
        )

        def arrive() -> None:
            if member.lifecycle_state == "Pending":
                if member.instance.state == "pending":
                    self._later(STANDBY_SECONDS, arrive)
                    return
                member.leaves_standby = False
                self.put_in_service(member)

        self._later(STANDBY_SECONDS, arrive)
        return member.launching

    def register(self, members: Iterable[Member]) -> None:
        """Register the running instances among ``members`` with the group's target groups."""
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
                # A target group can be deleted before the Auto Scaling group.
                continue

    def _drains(self, member: Member) -> bool:
        known = self.backend.elbv2_backend.target_groups
        return any(
            known[arn].is_draining(member.instance_id)
            for arn in self.target_group_arns
            if arn in known
        )

    def note(self, description: str, why: str) -> Activity:
        activity = Activity(
            self.name, self.arn, description, f"At {utcnow():%Y-%m-%dT%H:%M:%SZ} {why}."
        )
        self.backend.activities.insert(0, activity)
        return activity

    def _sizes(self) -> str:
        return f"with {len(self.counted)} of {self.wanted} instances"

    def _later(self, seconds: float, act: Any, *args: Any) -> Any:
        """Call ``act`` later, with the lock held, unless the group has been deleted."""

        def acting() -> None:
            with self.backend.lock:
                if self.backend.autoscaling_groups.get(self.name) is self:
                    act(*args)

        return server_state.clock.after(seconds, acting)
