"""Deployments, and the actions of a pipeline's execution."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Deployment:
    """A deployment of CodeDeploy.

    Attributes:
        creator: of DeploymentInfo in the AWS CodeDeploy API Reference.
    """

    id: str
    created: datetime.datetime
    creator: str = "user"


@dataclass(frozen=True)
class ActionExecution:
    """A run of an action (ActionExecutionDetail in the AWS CodePipeline API Reference).

    Attributes:
        provider: of the action's type, such as ``CodeDeploy``; empty when it is not shown.
        external_id: what the provider calls its part, such as the id of a deployment.
    """

    provider: str
    status: str
    started: datetime.datetime
    configuration: Mapping[str, str] = field(default_factory=dict)
    external_id: str = ""
