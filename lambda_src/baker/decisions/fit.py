"""Whether an image fits what launches it."""

from __future__ import annotations

from baker.messages import bake as messages
from baker.model.group import AutoScalingGroup, LaunchTemplateReference
from baker.model.image import Image
from baker.model.instance import Instance
from baker.model.launch_template import LaunchTemplateVersion


def check_group_launches_latest(group: AutoScalingGroup, launch_template: str) -> None:
    """Make sure that a new version of the launch template is what the group launches next.

    Raises:
        ConfigurationError: when it is not.
    """
    own = group.launch_template
    if own != LaunchTemplateReference(launch_template, "$Latest"):
        raise messages.GROUP_LAUNCHES_OTHER.error(
            group=group.name,
            launches=f"{own.id} version {own.version}" if own else "no launch template",
            launch_template=launch_template,
        )


def check_volumes(version: LaunchTemplateVersion, image: Image) -> None:
    """Make sure that instances can be launched from ``image`` with the launch template.

    Raises:
        ConfigurationError: when a volume of the template is smaller than the image's, which EC2
            refuses at launch (InvalidBlockDeviceMapping).
    """
    for device, size in image.volume_sizes.items():
        wanted = version.volume_sizes.get(device, size)
        if wanted < size:
            raise messages.VOLUME_TOO_SMALL.error(
                image=image.id,
                size=size,
                device=device,
                launch_template=version.launch_template_id,
                wanted=wanted,
            )


def check_architecture(
    version: LaunchTemplateVersion, source: Instance, image: Image | None
) -> None:
    """Make sure that what the launch template launches can run an image of the source.

    Args:
        image: the template's own image, if it still exists.

    Raises:
        ConfigurationError: when their architectures differ, as they do after a change of the
            instance type to one of the other architecture.
    """
    if image and image.architecture != source.architecture:
        raise messages.OTHER_ARCHITECTURE.error(
            instance=source.id,
            architecture=source.architecture,
            launch_template=version.launch_template_id,
            other=image.architecture,
        )
