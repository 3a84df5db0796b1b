"""The promise: one image that stays and one launch template version for an execution, exactly one
final answer for each job, and nothing left behind that nobody owns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from moto.autoscaling.models import autoscaling_backends
from moto.ec2.models import ec2_backends

from local_aws.client import REGION
from local_aws.server_state import server_state
from support.bakes.service import Service


@dataclass(frozen=True)
class Before:
    """What there was before the execution."""

    newest_version: int
    requests: int

    @classmethod
    def of(cls, service: Service) -> Before:
        newest = Account(service).template.newest_number
        return cls(newest, len(server_state.recorder))


class Account:
    """What the account holds once what goes on by itself is over.

    Looked up directly, as it is after each of a thousand faults.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        service.come_to_rest()
        account_id = server_state.account_id
        self._ec2: Any = ec2_backends[account_id][REGION]
        self.template: Any = self._ec2.launch_templates[service.template]
        groups: Any = autoscaling_backends[account_id][REGION].autoscaling_groups
        self.group = groups[service.group]

    @property
    def versions(self) -> list[Any]:
        """Of the launch template, the newest first."""
        return self.template.versions[::-1]

    def images(self) -> list[Any]:
        """The pipeline's."""
        return self._of_pipeline(self._ec2.amis)

    def images_of(self, *executions: str) -> list[Any]:
        """The images that these executions made."""
        tag = "asg-ami-pipeline:execution"
        return [image for image in self.images() if self._tags(image.id)[tag] in executions]

    def snapshots(self) -> set[str]:
        """Those with the pipeline's tag, whether their image is still there or not."""
        return {snapshot.id for snapshot in self._of_pipeline(self._ec2.snapshots)}

    def launched_from(self) -> set[str]:
        """The images that the group's instances were launched from."""
        return {member.instance.image_id for member in self.group.instance_states}

    def marked(self) -> list[str]:
        """The instances with the mark of Standby."""
        ids = (instance.id for instance in self._ec2.all_instances())
        return [id_ for id_ in ids if "asg-ami-pipeline:standby" in self._tags(id_)]

    def _of_pipeline(self, resources: dict[str, Any]) -> list[Any]:
        name = self.service.pipeline.name
        return [
            resource
            for id_, resource in resources.items()
            if self._tags(id_).get("asg-ami-pipeline:pipeline") == name
        ]

    def _tags(self, resource: str) -> dict[str, str]:
        return self._ec2.tags.get(resource, {})


def broken(account: Account, execution: str, before: Before) -> list[str]:
    """How the promise was broken, each way beginning with ``lost``, ``duplicated`` or ``left``."""
    return [
        *_image_and_version(account, execution, before),
        *answers(before),
        *left_behind(account),
    ]


def _image_and_version(account: Account, execution: str, before: Before) -> list[str]:
    status, output = account.service.status(execution), account.service.result(execution)
    if status != "Succeeded":
        return [f"lost: the execution is {status}"]
    images = account.images_of(execution)
    if [image.state for image in images] != ["available"]:
        states = [image.state for image in images]
        kind = "duplicated" if len(images) > 1 else "lost"
        return [f"{kind}: images {states}; the pipeline says: {output['executionResult']}"]
    (image,) = images
    problems = []
    # A version that was made and deleted again counts, too.
    made = account.template.newest_number - before.newest_version
    if made != 1:
        problems.append(f"{'duplicated' if made > 1 else 'lost'}: {made} versions were made")
    newest = account.versions[0]
    if newest.image_id != image.id:
        problems.append(f"lost: {newest.image_id} is launched, not {image.id}")
    told = output.get("outputVariables", {})
    if told != {"ImageId": image.id, "LaunchTemplateVersion": str(newest.number)}:
        problems.append(f"lost: the pipeline was told {told}")
    return problems


def answers(before: Before) -> list[str]:
    """No job took two answers."""
    taken = Counter(
        record.parameters["jobId"]
        for record in server_state.recorder.after(before.requests)
        if record.operation in ("PutJobSuccessResult", "PutJobFailureResult")
        and record.status == 200
    )
    return [f"duplicated: job {job} took {n} answers" for job, n in taken.items() if n > 1]


def left_behind(account: Account) -> list[str]:
    """Nothing without an owner, nothing out of service."""
    service = account.service
    named = {snapshot.id for image in account.images() for snapshot in image.snapshots}
    problems = [f"left: snapshot {snapshot}" for snapshot in account.snapshots() - named]
    group = account.group
    if group.desired_capacity != service.desired:
        problems.append(f"left: the desired capacity is {group.desired_capacity}")
    states = [member.lifecycle_state for member in group.instance_states]
    out = [state for state in states if state != "InService"]
    if len(states) != service.desired or out:
        problems.append(f"left: {len(states)} instances, out of service: {out}")
    return problems + [f"left: mark of Standby on {instance}" for instance in account.marked()]


def not_kept(account: Account, executions: list[str]) -> list[str]:
    """After a bake without a fault: there are the images of ``executions``, each with its version,
    and no others but those that instances were launched from."""
    images = {image.id for image in account.images()}
    wanted = {image.id for image in account.images_of(*executions)}
    superfluous = images - wanted - account.launched_from()
    problems = [f"left: image {image}" for image in superfluous]
    if len(wanted) != len(executions):
        problems.append(f"lost: {len(executions)} executions have {len(wanted)} images")
    named = Counter(version.image_id for version in account.versions[:-1])
    if named != Counter(images):
        problems.append(f"left: versions with {dict(named)} for images {sorted(images)}")
    return problems
