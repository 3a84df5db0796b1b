"""The promise: one image that stays and one launch template version for an execution, exactly one
final answer for each job, and nothing left behind that nobody owns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
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
        return cls(_newest_number(service), len(server_state.recorder))


def broken(service: Service, execution: str, before: Before) -> list[str]:
    """How the promise was broken, each way beginning with ``lost``, ``duplicated`` or ``left``."""
    return [
        *_image_and_version(service, execution, before),
        *answers(before),
        *left_behind(service),
    ]


def _image_and_version(service: Service, execution: str, before: Before) -> list[str]:
    images = service.images(execution)
    if service.status(execution) != "Succeeded":
        return [f"lost: the execution is {service.status(execution)}"]
    if [image["State"] for image in images] != ["available"]:
        states = [image["State"] for image in images]
        kind = "duplicated" if len(images) > 1 else "lost"
        return [f"{kind}: images {states}; the pipeline says: {service.summary(execution)}"]
    (image,) = images
    problems = []
    made = _newest_number(service) - before.newest_version
    if made != 1:
        problems.append(f"{'duplicated' if made > 1 else 'lost'}: {made} versions were made")
    if service.latest_image() != image["ImageId"]:
        problems.append(f"lost: {service.latest_image()} is launched, not {image['ImageId']}")
    told = service.result(execution).get("outputVariables", {})
    newest = str(_newest_number(service))
    if told != {"ImageId": image["ImageId"], "LaunchTemplateVersion": newest}:
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


def left_behind(service: Service) -> list[str]:
    """Nothing without an owner, nothing out of service, once what returns to it has arrived."""
    service.come_to_rest()
    named = {
        mapping["Ebs"]["SnapshotId"]
        for image in service.images()
        for mapping in image["BlockDeviceMappings"]
    }
    problems = [f"left: snapshot {snapshot}" for snapshot in service.snapshots() - named]
    group = fleet.describe(service.aws, service.group)
    if group["DesiredCapacity"] != service.desired:
        problems.append(f"left: the desired capacity is {group['DesiredCapacity']}")
    out = [i["LifecycleState"] for i in group["Instances"] if i["LifecycleState"] != "InService"]
    if len(group["Instances"]) != service.desired or out:
        problems.append(f"left: {len(group['Instances'])} instances, out of service: {out}")
    problems += [f"left: mark of Standby on {instance}" for instance in _marked(service)]
    return problems


def not_kept(service: Service, executions: list[str]) -> list[str]:
    """After a bake without a fault: there are the images of ``executions``, each with its version,
    and no others but those that instances were launched from."""
    images = {image["ImageId"] for image in service.images()}
    wanted = {image["ImageId"] for execution in executions for image in service.images(execution)}
    problems = [f"left: image {image}" for image in images - wanted - _used(service)]
    if len(wanted) != len(executions):
        problems.append(f"lost: {len(executions)} executions have {len(wanted)} images")
    versions = service.versions()
    named = Counter(version["LaunchTemplateData"]["ImageId"] for version in versions[:-1])
    if named != Counter(images):
        problems.append(f"left: versions with {dict(named)} for images {sorted(images)}")
    return problems


def _used(service: Service) -> set[str]:
    """The images that the group's instances were launched from."""
    ids = [member["InstanceId"] for member in fleet.members(service.aws, service.group)]
    found: Any = fleet.client(service.aws, "ec2").describe_instances(InstanceIds=ids)
    return {
        instance["ImageId"]
        for reservation in found["Reservations"]
        for instance in reservation["Instances"]
    }


def _marked(service: Service) -> list[str]:
    found: Any = fleet.client(service.aws, "ec2").describe_instances(
        Filters=[{"Name": "tag-key", "Values": ["asg-ami-pipeline:standby"]}]
    )["Reservations"]
    return [i["InstanceId"] for reservation in found for i in reservation["Instances"]]


def _newest_number(service: Service) -> int:
    template: Any = ec2_backends[server_state.account_id][REGION].launch_templates[service.template]
    return int(template.newest_number)
