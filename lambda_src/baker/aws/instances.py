"""Amazon EC2: instances and their tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from baker import limits
from baker.aws.clients import Clients, filters, tag_list, tag_mapping
from baker.model.instance import Instance


class Instances:
    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def get(self, instance: str) -> Instance:
        (reservation,) = self._clients.ec2.describe_instances(InstanceIds=[instance])[
            "Reservations"
        ]
        return instance_from_api(reservation["Instances"][0])

    def filtered(self, wanted: Mapping[str, Sequence[str]]) -> list[Instance]:
        """The account's instances by filter."""
        pages = self._clients.ec2.get_paginator("describe_instances").paginate(
            Filters=filters(wanted), PaginationConfig={"PageSize": limits.EC2_PAGE}
        )
        return [
            instance_from_api(instance)
            for page in pages
            for reservation in page["Reservations"]
            for instance in reservation["Instances"]
        ]

    def tag(self, instance: str, key: str, value: str) -> None:
        self._clients.ec2.create_tags(Resources=[instance], Tags=tag_list({key: value}))

    def untag(self, instance: str, key: str) -> None:
        self._clients.ec2.delete_tags(Resources=[instance], Tags=[{"Key": key}])


def instance_from_api(instance: Mapping[str, Any]) -> Instance:
    """From an Instance of DescribeInstances."""
    return Instance(
        id=instance["InstanceId"],
        image_id=instance["ImageId"],
        state=instance["State"]["Name"],
        architecture=instance["Architecture"],
        tags=tag_mapping(instance),
    )
