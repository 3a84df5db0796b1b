"""Tags of a resource, looked up by its ID. moto would search all tags of the account, which takes
minutes for ten thousand images."""

from __future__ import annotations

from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix


def tags_of(resource: TaggedEC2Resource) -> list[dict[str, str]]:
    """The tags of a resource; replaces `TaggedEC2Resource.get_tags`."""
    resource_id: str = resource.id  # type: ignore[attr-defined]
    if not resource_id:
        return []
    kind = EC2_PREFIX_TO_RESOURCE.get(get_prefix(resource_id), "")
    known = resource.ec2_backend.tags.get(resource_id, {})  # type: ignore[attr-defined]
    return [
        {"resource_id": resource_id, "key": key, "resource_type": kind, "value": value}
        for key, value in known.items()
    ]
