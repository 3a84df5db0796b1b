"""The promise: one image that stays and one launch template version for an execution, exactly one
final answer for each job, and nothing left behind that nobody owns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from moto.ec2.models import ec2_backends

from local_aws.client import REGION
from local_aws.server_state import server_state
from support import fleet
from support.bakes.service import Service


@dataclass(frozen=True)
class Before:
    """What there was before the execution."""

    newest_version: int
    requests: int

    @classmethod
    def of(cls, service: Service) -> Before:
        template: Any = ec2_backends[server_state.account_id][REGION].launch_templates[
            service.template
        ]
        return cls(template.newest_number, len(server_state.recorder))


class Account:
    """What the account holds once what goes on by itself is over. Each list is read once."""

    def __init__(self, service: Service) -> None:
        self.service = service
        service.come_to_rest()

    @cached_property
    def images(self) -> dict[str, list[dict[str, Any]]]:
        """The pipeline's, by the execution that they are of."""
        found: dict[str, list[dict[str, Any]]] = {}
        for image in self.service.images():
            tags = {tag["Key"]: tag["Value"] for tag in image["Tags"]}
            found.setdefault(tags["asg-ami-pipeline:execution"], []).append(image)
        return found

    @property
    def all_images(self) -> list[dict[str, Any]]:
        return [image for images in self.images.values() for image in images]

    @cached_property
    def versions(self) -> list[dict[str, Any]]:
        return self.service.versions()

    @cached_property
    def group(self) -> dict[str, Any]:
        return fleet.describe(self.service.aws, self.service.group)

    def launched_from(self) -> set[str]:
        """The images that the group's instances were launched from."""
        ids = [member["InstanceId"] for member in self.group["Instances"]]
        return {instance["ImageId"] for instance in self._instances(InstanceIds=ids)}

    def marked(self) -> list[str]:
        """The instances with the mark of Standby."""
        marked = {"Name": "tag-key", "Values": ["asg-ami-pipeline:standby"]}
        return [instance["InstanceId"] for instance in self._instances(Filters=[marked])]

    def _instances(self, **which: Any) -> list[dict[str, Any]]:
        found: Any = fleet.client(self.service.aws, "ec2").describe_instances(**which)
        return [i for reservation in found["Reservations"] for i in reservation["Instances"]]


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
    images = account.images.get(execution, [])
    if [image["State"] for image in images] != ["available"]:
        states = [image["State"] for image in images]
        kind = "duplicated" if len(images) > 1 else "lost"
        return [f"{kind}: images {states}; the pipeline says: {output['executionResult']}"]
    (image,) = images
    problems = []
    newest = account.versions[0]
    made = newest["VersionNumber"] - before.newest_version
    if made != 1:
        problems.append(f"{'duplicated' if made > 1 else 'lost'}: {made} versions were made")
    launched = newest["LaunchTemplateData"]["ImageId"]
    if launched != image["ImageId"]:
        problems.append(f"lost: {launched} is launched, not {image['ImageId']}")
    told = output.get("outputVariables", {})
    number = str(newest["VersionNumber"])
    if told != {"ImageId": image["ImageId"], "LaunchTemplateVersion": number}:
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
    named = {
        mapping["Ebs"]["SnapshotId"]
        for image in account.all_images
        for mapping in image["BlockDeviceMappings"]
    }
    problems = [f"left: snapshot {snapshot}" for snapshot in service.snapshots() - named]
    group = account.group
    if group["DesiredCapacity"] != service.desired:
        problems.append(f"left: the desired capacity is {group['DesiredCapacity']}")
    out = [i["LifecycleState"] for i in group["Instances"] if i["LifecycleState"] != "InService"]
    if len(group["Instances"]) != service.desired or out:
        problems.append(f"left: {len(group['Instances'])} instances, out of service: {out}")
    return problems + [f"left: mark of Standby on {instance}" for instance in account.marked()]


def not_kept(account: Account, executions: list[str]) -> list[str]:
    """After a bake without a fault: there are the images of ``executions``, each with its version,
    and no others but those that instances were launched from."""
    images = {image["ImageId"] for image in account.all_images}
    wanted = {
        image["ImageId"] for execution in executions for image in account.images.get(execution, [])
    }
    superfluous = images - wanted
    if superfluous:
        superfluous -= account.launched_from()
    problems = [f"left: image {image}" for image in superfluous]
    if len(wanted) != len(executions):
        problems.append(f"lost: {len(executions)} executions have {len(wanted)} images")
    named = Counter(version["LaunchTemplateData"]["ImageId"] for version in account.versions[:-1])
    if named != Counter(images):
        problems.append(f"left: versions with {dict(named)} for images {sorted(images)}")
    return problems
