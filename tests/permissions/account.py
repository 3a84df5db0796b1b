"""The policies of an account as they were provisioned."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from local_aws.client import LocalAws
from support.policies.simulator import Question

Document = dict[str, Any]

# What is attached to somebody whom the account trusts with everything.
ADMINISTRATOR = {
    "AdministratorAccess": {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}],
    }
}


# "Default key policy", AWS KMS Developer Guide: IAM's policies decide. A key of a team may have it.
LEFT_TO_IAM = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "LeftToIam",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}


@dataclass(frozen=True)
class Place:
    """Where a statement stands.

    Attributes:
        owner: the ARN of the role, or of the resource that has a policy of its own.
        policy: the policy's name.
        index: the statement's place in it, from 0.
    """

    owner: str
    policy: str
    index: int


@dataclass(frozen=True)
class Account:
    """Policies by their owner's ARN, and by name.

    Attributes:
        identity: what roles may do.
        resource: who may use a resource: a bucket, key, topic or function, and who may take a role.
        boundary: the most that a role may do.
        managed: the policies of AWS among ``identity``.
    """

    identity: Mapping[str, Mapping[str, Document]]
    resource: Mapping[str, Mapping[str, Document]]
    boundary: Mapping[str, Document] = field(default_factory=dict)
    managed: frozenset[str] = frozenset()

    def question(
        self,
        principal: str,
        action: str,
        resource: str,
        context: Mapping[str, Any],
        administrator: bool = False,
        left_to_iam: bool = False,
    ) -> Question:
        """Whether ``principal`` may do this.

        Args:
            administrator: whether AdministratorAccess is attached to the principal, too.
            left_to_iam: whether the key has the default policy, as all have that are not of this
                account.
        """
        identity = {**self.identity.get(principal, {}), **(ADMINISTRATOR if administrator else {})}
        policies = self.resource.get(self.owner_of(resource), {})
        policy = next(iter(policies.values()), None)
        if left_to_iam or (policy is None and ":kms:" in resource):
            policy = LEFT_TO_IAM
        return Question(
            principal=principal,
            action=action,
            resource=resource,
            context=dict(context),
            identity_policies=identity,
            resource_policy=policy,
            boundary=self.boundary.get(principal),
        )

    @staticmethod
    def owner_of(resource: str) -> str:
        """Whose policy holds for a resource: the bucket's for its objects, else its own."""
        return resource.split("/")[0] if resource.startswith("arn:aws:s3:::") else resource

    def statements(self) -> Iterator[tuple[Place, Document]]:
        """All statements but those of AWS's own policies."""
        for kind in (self.identity, self.resource):
            for owner, policies in kind.items():
                for name, document in policies.items():
                    if name in self.managed:
                        continue
                    for index, statement in enumerate(document["Statement"]):
                        yield Place(owner, name, index), statement

    def documents(self) -> Iterator[tuple[str, str, Document]]:
        """Owner, name and text of all policies."""
        for kind in (self.identity, self.resource):
            for owner, policies in kind.items():
                for name, document in policies.items():
                    yield owner, name, document

    def changed(self, place: Place, statement: Document | None) -> Account:
        """The account with another statement in this place, or with none."""
        kinds: dict[str, Any] = {}
        for kind in ("identity", "resource"):
            owners = dict(getattr(self, kind))
            if document := owners.get(place.owner, {}).get(place.policy):
                statements = list(document["Statement"])
                statements[place.index : place.index + 1] = [statement] if statement else []
                changed = {**document, "Statement": statements}
                owners[place.owner] = {**owners[place.owner], place.policy: changed}
            kinds[kind] = owners
        return replace(self, **kinds)


def provisioned(aws: LocalAws, names: Mapping[str, Any]) -> Account:
    """Read the policies of one pipeline.

    Args:
        names: the root module's outputs.
    """
    iam = aws.client("iam")
    prefix = names["pipeline_name"] + "-"
    identity: dict[str, dict[str, Document]] = {}
    resource: dict[str, dict[str, Document]] = {}
    boundary: dict[str, Document] = {}
    managed: set[str] = set()
    for role in iam.get_paginator("list_roles").paginate().build_full_result()["Roles"]:
        if not role["RoleName"].startswith(prefix):
            continue
        name, arn = role["RoleName"], role["Arn"]
        resource[arn] = {"trust": _document(role["AssumeRolePolicyDocument"])}
        own = identity[arn] = {}
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            got = iam.get_role_policy(RoleName=name, PolicyName=policy)
            own[policy] = _document(got["PolicyDocument"])
        for attached in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            own[attached["PolicyName"]] = _managed(iam, attached["PolicyArn"])
            managed.add(attached["PolicyName"])
        limit = iam.get_role(RoleName=name)["Role"].get("PermissionsBoundary")
        if limit:
            boundary[arn] = _managed(iam, limit["PermissionsBoundaryArn"])

    bucket = names["artifact_bucket_name"]
    policy = aws.client("s3").get_bucket_policy(Bucket=bucket)["Policy"]
    resource[f"arn:aws:s3:::{bucket}"] = {"bucket": json.loads(policy)}
    topic = names["notification_topic_arn"]
    attributes = aws.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
    resource[topic] = {"topic": json.loads(attributes["Policy"])}
    if names["kms_key_arn"]:
        got = aws.client("kms").get_key_policy(KeyId=names["kms_key_arn"], PolicyName="default")
        resource[names["kms_key_arn"]] = {"key": json.loads(got["Policy"])}
    functions = aws.client("lambda")
    try:
        policy = functions.get_policy(FunctionName=names["function_name"])["Policy"]
        resource[names["function_arn"]] = {"function": json.loads(policy)}
    except functions.exceptions.ResourceNotFoundException:
        pass
    return Account(identity, resource, boundary, frozenset(managed))


def _managed(iam: Any, arn: str) -> Document:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    got = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
    return _document(got["Document"])


def _document(policy: Any) -> Document:
    """IAM gives policies URL-encoded, and boto3 decodes them."""
    if isinstance(policy, str):
        policy = json.loads(unquote(policy))
    statements = policy["Statement"]
    return {**policy, "Statement": statements if isinstance(statements, list) else [statements]}
