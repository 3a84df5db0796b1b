"""Validation of pipelines.

AWS CodePipeline User Guide, "CodePipeline pipeline structure reference" and "Quotas in AWS
CodePipeline".
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from moto.codepipeline.exceptions import InvalidStructureException

from local_aws.refusal import Refusal
from local_aws.services.codepipeline.variables import references

LONGEST_VALUE = 1000
PROVIDERS = {
    ("Source", "AWS", "CodeCommit"),
    ("Source", "AWS", "S3"),
    ("Deploy", "AWS", "CodeDeploy"),
    ("Invoke", "AWS", "Lambda"),
}
KNOWN_IN_PIPELINE = {
    "artifactStore",
    "executionMode",
    "name",
    "pipelineType",
    "roleArn",
    "stages",
    "variables",
    "version",
}
KNOWN_IN_ACTION = {
    "actionTypeId",
    "configuration",
    "inputArtifacts",
    "name",
    "namespace",
    "outputArtifacts",
    "region",
    "runOrder",
}


def check(pipeline: dict[str, Any]) -> None:
    """Check a PipelineDeclaration.

    Raises:
        InvalidStructureException: for what CodePipeline refuses.
        Refusal: for what is not modelled.
    """
    _refuse_unknown(pipeline, KNOWN_IN_PIPELINE, "a pipeline")
    mode = pipeline.get("executionMode", "SUPERSEDED")
    if mode == "PARALLEL":
        raise Refusal("the execution mode PARALLEL")
    if mode == "QUEUED" and pipeline.get("pipelineType", "V1") != "V2":
        raise InvalidStructureException(f"Execution mode {mode} needs pipeline type V2")
    if pipeline.get("variables"):
        raise Refusal("variables of a pipeline")
    names = [stage["name"] for stage in pipeline["stages"]]
    if len(set(names)) < len(names):
        raise InvalidStructureException(f"Stage names are not unique: {names}")
    known: set[str] = {"codepipeline"}
    for index, stage in enumerate(pipeline["stages"]):
        _refuse_unknown(stage, {"name", "actions", "blockers"}, f"stage {stage['name']}")
        for together in in_run_order(stage["actions"]):
            for action in together:
                _check_action(action, first=index == 0, known=known)
            for namespace in [a["namespace"] for a in together if "namespace" in a]:
                if namespace in known:
                    raise InvalidStructureException(f"Namespace {namespace} is not unique")
                known.add(namespace)


def in_run_order(actions: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Groups of actions that run in parallel, in the order in which the groups run."""

    def order(action: dict[str, Any]) -> int:
        return int(action.get("runOrder", 1))

    return [list(together) for _, together in groupby(sorted(actions, key=order), key=order)]


def _check_action(action: dict[str, Any], first: bool, known: set[str]) -> None:
    _refuse_unknown(action, KNOWN_IN_ACTION, f"action {action['name']}")
    kind = action["actionTypeId"]
    provider = (kind["category"], kind["owner"], kind["provider"])
    if provider not in PROVIDERS:
        raise Refusal(f"the action type {' '.join(provider)}")
    if (kind["category"] == "Source") != first:
        raise InvalidStructureException(
            "Pipeline should start with a stage that only contains source actions, and source "
            f"actions may only be there: {action['name']}"
        )
    for key, value in action.get("configuration", {}).items():
        if len(value) > LONGEST_VALUE:
            raise InvalidStructureException(
                f"Value of {key} in action {action['name']} has {len(value)} characters; at most "
                f"{LONGEST_VALUE} are allowed"
            )
        for namespace, name in references(value):
            if namespace not in known:
                raise InvalidStructureException(
                    f"Action {action['name']} uses a variable of an unknown namespace: "
                    f"{namespace}.{name}"
                )


def _refuse_unknown(given: dict[str, Any], known: set[str], where: str) -> None:
    used = {key for key, value in given.items() if value not in (None, [], {})}
    if unknown := sorted(used - known):
        raise Refusal(f"{', '.join(unknown)} of {where}")
