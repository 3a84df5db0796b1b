"""Actions, resources, and condition keys for Amazon EC2."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from moto.ec2.models import ec2_backends

from local_aws.authorization.question import ACCOUNT, Question, arn
from local_aws.call import Call

# By the prefix of an ID.
KINDS = {"ami": "image", "i": "instance", "lt": "launch-template", "snap": "snapshot"}
# The actions that EC2 takes in the caller's name, by resource type ("Identify your resources
# referencing specified AMIs", Amazon EC2 User Guide).
LOOKED_THROUGH = {
    "ec2:Instance": ["ec2:DescribeInstances"],
    "ec2:LaunchTemplate": ["ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplateVersions"],
    "imagebuilder:ContainerRecipe": ["imagebuilder:ListContainerRecipes"],
    "imagebuilder:ImageRecipe": ["imagebuilder:ListImageRecipes"],
    "ssm:Parameter": ["ssm:DescribeParameters"],
}


def questions(call: Call) -> Iterator[Question] | None:
    if call.operation in _OTHERS:
        return _OTHERS[call.operation](call)
    if call.operation.startswith("Describe"):
        return iter([Question(f"ec2:{call.operation}")])
    return None


def tags_of(region: str, resource_id: str) -> dict[str, str]:
    return dict(ec2_backends[ACCOUNT][region].tags.get(resource_id, {}))


def _resource(call: Call, resource_id: str) -> str:
    """The ARN of a resource; those of images and snapshots have no account."""
    kind = KINDS[resource_id.partition("-")[0]]
    owner = "" if kind in ("image", "snapshot") else ACCOUNT
    return arn("ec2", call.region, f"{kind}/{resource_id}", owner)


def _has(call: Call, resource_id: str) -> dict[str, str]:
    """The condition keys of an existing resource."""
    tags = tags_of(call.region, resource_id).items()
    context = {
        f"{prefix}/{key}": value
        for prefix in ("aws:ResourceTag", "ec2:ResourceTag")
        for key, value in tags
    }
    if resource_id.startswith(("ami-", "snap-")):
        context["ec2:Owner"] = _owner(call, resource_id)
    return context


def _owner(call: Call, resource_id: str) -> str:
    backend = ec2_backends[ACCOUNT][call.region]
    known: Any = backend.amis if resource_id.startswith("ami-") else backend.snapshots
    return str(getattr(known.get(resource_id), "owner_id", ACCOUNT))


def _puts(tags: Mapping[str, str]) -> dict[str, Any]:
    """The condition keys of the tags in a request."""
    asked: dict[str, Any] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return {**asked, "aws:TagKeys": list(tags)} if tags else {}


def _create_image(call: Call) -> Iterator[Question]:
    """CreateImage on the instance, the image and the snapshots; CreateTags for their tags."""
    instance = call.parameters["InstanceId"]
    action = "ec2:CreateImage"
    yield Question(action, _resource(call, instance), _has(call, instance))
    given = {
        specification["ResourceType"]: _named(specification["Tags"])
        for specification in call.parameters.get("TagSpecifications", [])
    }
    for kind, new in (("image", "ami-new"), ("snapshot", "snap-new")):
        tags = given.get(kind, {})
        yield Question(action, _resource(call, new), _puts(tags))
        if tags:
            creating = {"ec2:CreateAction": "CreateImage", **_puts(tags)}
            yield Question("ec2:CreateTags", _resource(call, new), creating)


def _deregister_image(call: Call) -> Iterator[Question]:
    """DeregisterImage on the image, and DeleteSnapshot on snapshots that are deleted with it
    (DeregisterImage, Amazon EC2 API Reference)."""
    image_id = call.parameters["ImageId"]
    image: Any = ec2_backends[ACCOUNT][call.region].amis.get(image_id)
    if not image:
        return
    yield Question("ec2:DeregisterImage", _resource(call, image_id), _has(call, image_id))
    if call.parameters.get("DeleteAssociatedSnapshots"):
        for snapshot in image.snapshots:
            yield Question(
                "ec2:DeleteSnapshot", _resource(call, snapshot.id), _has(call, snapshot.id)
            )


def _on(parameter: str) -> Callable[[Call], Iterator[Question]]:
    """An action on the resource whose ID is in ``parameter``."""

    def question(call: Call) -> Iterator[Question]:
        resource_id = call.parameters[parameter]
        yield Question(
            f"ec2:{call.operation}", _resource(call, resource_id), _has(call, resource_id)
        )

    return question


def _tags(call: Call) -> Iterator[Question]:
    """CreateTags and DeleteTags on existing resources."""
    tags = _named(call.parameters.get("Tags", []))
    for resource_id in call.parameters["Resources"]:
        yield Question(
            f"ec2:{call.operation}",
            _resource(call, resource_id),
            {
                **_has(call, resource_id),
                **(_puts(tags) if call.operation == "CreateTags" else {"aws:TagKeys": list(tags)}),
            },
        )


def _describe_image_references(call: Call) -> Iterator[Question]:
    yield Question("ec2:DescribeImageReferences")
    wanted = [item["ResourceType"] for item in call.parameters.get("ResourceTypes", [])]
    # IAM User Guide, "Forward access sessions".
    by_ec2 = {
        "aws:CalledVia": ["ec2-images.amazonaws.com"],
        "aws:CalledViaFirst": "ec2-images.amazonaws.com",
        "aws:CalledViaLast": "ec2-images.amazonaws.com",
        "aws:ViaAWSService": "true",
    }
    for kind in wanted if not call.parameters.get("IncludeAllResourceTypes") else LOOKED_THROUGH:
        for action in LOOKED_THROUGH[kind]:
            yield Question(action, context=by_ec2)


def _named(tags: list[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in tags}


_OTHERS: dict[str, Callable[[Call], Iterator[Question]]] = {
    "CreateImage": _create_image,
    "CreateLaunchTemplateVersion": _on("LaunchTemplateId"),
    "CreateTags": _tags,
    "DeleteLaunchTemplateVersions": _on("LaunchTemplateId"),
    "DeleteSnapshot": _on("SnapshotId"),
    "DeleteTags": _tags,
    "DeregisterImage": _deregister_image,
    "DescribeImageAttribute": _on("ImageId"),
    "DescribeImageReferences": _describe_image_references,
}
