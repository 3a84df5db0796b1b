"""Auto Scaling groups with their instances."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """An instance of a group (Instance in the Amazon EC2 Auto Scaling API Reference).

    Attributes:
        image_id: the image by which the group replaced its root volume, if it did.
    """

    id: str
    lifecycle_state: str = "InService"
    health_status: str = "Healthy"
    image_id: str | None = None


@dataclass(frozen=True)
class LaunchTemplateReference:
    """A launch template as a group names it.

    Attributes:
        id: missing when the group gives the template's name alone.
        version: a number, ``$Latest`` or ``$Default``.
    """

    id: str | None
    version: str


@dataclass(frozen=True)
class AutoScalingGroup:
    """An Auto Scaling group.

    Attributes:
        launch_template: what it launches; missing without a launch template.
        override_templates: of a mixed instances policy.
        override_image_ids: of a mixed instances policy.
        suspended_processes: such as ``Launch``.
    """

    name: str
    launch_template: LaunchTemplateReference | None
    instances: tuple[Member, ...] = ()
    desired: int = 0
    minimum: int = 0
    suspended_processes: frozenset[str] = frozenset()
    override_templates: tuple[LaunchTemplateReference, ...] = ()
    override_image_ids: tuple[str, ...] = ()

    @property
    def in_service(self) -> int:
        """How many of its instances serve."""
        return sum(member.lifecycle_state == "InService" for member in self.instances)

    def lifecycle_state(self, instance_id: str) -> str | None:
        """Of one of its instances; nothing when it is not one."""
        states = {member.id: member.lifecycle_state for member in self.instances}
        return states.get(instance_id)

    @property
    def launch_templates(self) -> tuple[LaunchTemplateReference, ...]:
        """All that it names."""
        own = (self.launch_template,) if self.launch_template else ()
        return (*own, *self.override_templates)

    @property
    def image_ids(self) -> frozenset[str]:
        """The images that it names itself, apart from its launch templates."""
        replaced = {member.image_id for member in self.instances if member.image_id}
        return frozenset({*self.override_image_ids, *replaced})
