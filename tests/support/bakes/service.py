"""A pipeline with its fleet and baker on the local AWS of this process."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import boto3
import botocore.endpoint
from moto.autoscaling.models import autoscaling_backends
from moto.codepipeline.models import codepipeline_backends
from moto.ec2.models import ec2_backends
from moto.ssm.models import ssm_backends

from baker import entry
from baker.aws import Aws
from baker.aws.clients import Clients
from baker.runtime import Runtime
from local_aws.client import REGION
from local_aws.server_state import server_state
from local_aws.services.codepipeline.invoke import jobs
from local_aws.services.functions import invocations
from local_aws.services.functions.runtime_api import Result
from support import fleet, job_events, pipelines
from support.bakes.faults import Calls, CutOff
from support.bakes.network import open_local_aws, watched_by
from support.delivery import Deployments, bundle, role

FINAL = ("Succeeded", "Failed", "Stopped", "Superseded")


class Context:
    """Lambda's context object of one invocation."""

    def __init__(self, request_id: str) -> None:
        self.aws_request_id = request_id

    def get_remaining_time_in_millis(self) -> int:
        return 110_000


@dataclass
class Invocation:
    """One event for the function, and whether the function ended without coming to its end."""

    event: dict[str, Any]
    failed: bool = False
    seconds: float = 0


@dataclass
class Function:
    """The baker, run in this process in the place of the process that Lambda would start.

    Attributes:
        runtime: what it runs on.
        calls: what the bake under test does.
        deliver: what becomes of an event; a test may deliver it twice, or later.
    """

    runtime: Runtime
    calls: Calls = field(default_factory=Calls)
    invocations: list[Invocation] = field(default_factory=list)
    deliver: Callable[[dict[str, Any]], Any] | None = None
    before: Callable[[], None] = lambda: None

    def run(self, _: Any, payload: bytes) -> Result:
        """In the place of `local_aws.services.functions.invocations.run`."""
        event = job_events.read(payload)
        try:
            answer = (self.deliver or self.invoke)(event)
        except CutOff:
            return Result(b"{}", "Unhandled")
        except Exception as error:
            return Result(json.dumps({"errorMessage": str(error)}).encode(), "Unhandled")
        return Result(json.dumps(answer, default=str).encode(), "")

    def invoke(self, event: dict[str, Any], calls: Calls | None = None) -> Any:
        """Run an invocation to its end.

        Raises:
            CutOff: when it was cut off.
        """
        self.before()
        began = time.perf_counter()
        invocation = Invocation(event)
        self.invocations.append(invocation)
        try:
            with watched_by((calls or self.calls).send):
                context = Context(f"request-{len(self.invocations)}")
                return entry.handle(self.runtime, event, context)
        except BaseException:
            invocation.failed = True
            raise
        finally:
            invocation.seconds = time.perf_counter() - began


class Service:
    """One pipeline, fleet and baker.

    Args:
        settings: of the baker's environment, that differ from the defaults.

    Attributes:
        newest: the execution whose image is launched, for tests that keep track of it.
    """

    def __init__(self, capacity: int = 2, **settings: str) -> None:
        self.aws = open_local_aws()
        fleet.pause = lambda: server_state.clock.sleep(10)
        self.aws.set_conditions(image_seconds=math.inf, job_poll_seconds=1)
        self.function = Function(_runtime(self.aws), before=self.settle)
        self.deployments = Deployments(self.aws, capacity)
        self.group = self.deployments.group
        self.template = str(
            fleet.describe(self.aws, self.group)["LaunchTemplate"]["LaunchTemplateId"]
        )
        self.worker = pipelines.make_worker(self.aws)
        self.pipeline = self._make_pipeline()
        self.desired = capacity
        self.set_lambda_retries(0)
        self.newest = ""
        self._seen_pending: set[str] = set()
        self._count = 0
        self.environment = {
            "PIPELINE_NAME": self.pipeline.name,
            "CODEDEPLOY_APPLICATION_NAME": self.deployments.name,
            "CODEDEPLOY_DEPLOYMENT_GROUP_NAME": self.deployments.name,
            "AUTO_SCALING_GROUP_NAME": self.group,
            "LAUNCH_TEMPLATE_ID": self.template,
            "CAPTURE": "live",
            "KEEP_IMAGES": "2",
            "RETENTION_DRY_RUN": "false",
            **settings,
        }
        os.environ.update(self.environment)

    def _make_pipeline(self) -> pipelines.Pipeline:
        deploy = pipelines.action(
            "Deploy",
            "CodeDeploy",
            "Deploy",
            inputArtifacts=[{"name": "Source"}],
            configuration={
                "ApplicationName": self.deployments.name,
                "DeploymentGroupName": self.deployments.name,
            },
        )
        parameters = {
            "execution": "#{codepipeline.PipelineExecutionId}",
            "revision": "#{SourceVariables.VersionId}",
        }
        bake = pipelines.action(
            "Invoke",
            "Lambda",
            "Bake",
            configuration={
                "FunctionName": self.worker,
                "UserParameters": json.dumps(parameters),
            },
        )
        return pipelines.Pipeline(
            self.aws, pipelines.stage("Deploy", deploy), pipelines.stage("Automation", bake)
        )

    @contextmanager
    def running(self) -> Iterator[Service]:
        """The function answers, as long as this lasts."""
        with (
            mock.patch.object(invocations, "run", self.function.run),
            mock.patch.object(botocore.endpoint, "time", mock.Mock()),
        ):
            yield self

    # Time

    def settle(self) -> None:
        """Whatever AWS does by itself is over before the function looks, but for an image, which it
        sees pending once."""
        images = ec2_backends[server_state.account_id][REGION]
        for image in list(images.amis.values()):
            if image.state != "pending":
                continue
            if image.id in self._seen_pending:
                images.end_image(image)  # type: ignore[attr-defined]
            self._seen_pending.add(image.id)
        self.come_to_rest()

    def come_to_rest(self) -> None:
        """Commands end, and instances arrive where they are on their way to."""
        commands = ssm_backends[server_state.account_id][REGION].invocations  # type: ignore[attr-defined]
        _until(lambda: all(command.ended for command in list(commands.values())))
        _until(self._is_at_rest)

    def _is_at_rest(self) -> bool:
        group = autoscaling_backends[server_state.account_id][REGION].autoscaling_groups[self.group]
        return all(
            member.lifecycle_state in ("InService", "Standby")
            and member.instance.state == "running"
            for member in list(group.instance_states)
        )

    # Executions

    def start(self) -> str:
        """Begin to deploy and bake the next revision; the execution."""
        self._count += 1
        self.pipeline.upload(bundle(str(self._count)))
        return self.pipeline.start()

    def status(self, execution: str) -> str:
        """Looked up directly: it is asked for often."""
        pipelines: Any = codepipeline_backends[server_state.account_id][REGION]
        return str(pipelines.execution(self.pipeline.name, execution).status)

    def finished(self, execution: str) -> str:
        return fleet.eventually(lambda: self.status(execution), FINAL.__contains__)

    def set_lambda_retries(self, attempts: int) -> None:
        """How often Lambda itself repeats an invocation that was cut off."""
        self.lambda_retries = attempts
        fleet.client(self.aws, "lambda").put_function_event_invoke_config(
            FunctionName=self.worker, MaximumRetryAttempts=attempts
        )

    def waits_in_vain(self) -> bool:
        """Whether nobody will answer the newest job any more."""
        if not self.function.invocations:
            return False
        newest = self.function.invocations[-1].event
        attempts = [one for one in self.function.invocations if one.event == newest]
        job = jobs[newest["CodePipeline.job"]["id"]]
        return (
            not job.answered.is_set()
            and not job.closed
            and len(attempts) > self.lambda_retries
            and all(one.failed for one in attempts)
        )

    def give_up_waiting(self) -> None:
        """CodePipeline's patience with the jobs that have no answer is at its end."""
        server_state.conditions.job_answer_seconds = 0
        _until(lambda: all(job.closed for job in list(jobs.values())))
        server_state.conditions.job_answer_seconds = 1200

    def retry(self, execution: str) -> None:
        self.pipeline.client.retry_stage_execution(
            pipelineName=self.pipeline.name,
            stageName="Automation",
            pipelineExecutionId=execution,
            retryMode="FAILED_ACTIONS",
        )

    def bake(self) -> str:
        """Push a revision and see it baked; the execution."""
        execution = self.start()
        status = self.finished(execution)
        assert status == "Succeeded", self.explanation(execution)
        return execution

    def result(self, execution: str) -> dict[str, Any]:
        """The output of the execution's newest bake."""
        output: dict[str, Any] = self.pipeline.actions(execution)["Bake"]["output"]
        return output

    def summary(self, execution: str) -> str:
        """What the pipeline shows of the execution's newest bake."""
        result: dict[str, str] = self.result(execution)["executionResult"]
        return result.get("externalExecutionSummary", "")

    def explanation(self, execution: str) -> str:
        actions = self.pipeline.actions(execution)
        return json.dumps(
            {name: action.get("output", {}) for name, action in actions.items()}, default=str
        )

    # The account

    def images(self, execution: str = "*") -> list[dict[str, Any]]:
        filters = [
            {"Name": "tag:asg-ami-pipeline:pipeline", "Values": [self.pipeline.name]},
            {"Name": "tag:asg-ami-pipeline:execution", "Values": [execution]},
        ]
        found: list[dict[str, Any]] = fleet.client(self.aws, "ec2").describe_images(
            Owners=["self"], Filters=filters
        )["Images"]
        return found

    def snapshots(self) -> set[str]:
        """Those with the pipeline's tag, whether their image is still there or not."""
        filters = [{"Name": "tag:asg-ami-pipeline:pipeline", "Values": [self.pipeline.name]}]
        found = fleet.client(self.aws, "ec2").describe_snapshots(
            OwnerIds=["self"], Filters=filters
        )["Snapshots"]
        return {snapshot["SnapshotId"] for snapshot in found}

    def versions(self) -> list[dict[str, Any]]:
        """Of the launch template, the newest first."""
        found: list[dict[str, Any]] = fleet.client(
            self.aws, "ec2"
        ).describe_launch_template_versions(LaunchTemplateId=self.template)[
            "LaunchTemplateVersions"
        ]
        return found

    def latest_image(self) -> str:
        return str(self.versions()[0]["LaunchTemplateData"]["ImageId"])


def _until(met: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not met():
        assert time.monotonic() < deadline, "the world does not come to rest"
        server_state.clock.sleep(1)


_bakers: list[Aws] = []


def _runtime(aws: Any) -> Runtime:
    return Runtime(
        _baker(aws),
        os.environ,
        # A signal reaches the main thread only; the limit has a test of its own.
        time_limit=lambda _: nullcontext(),
        sleep=lambda _: None,
    )


def _baker(aws: Any) -> Aws:
    """The function's clients, made once; they act as a role."""
    if not _bakers:
        role_session = server_state.assume_role(
            role(aws, "lambda"), REGION, "lambda.amazonaws.com", None
        )
        session = boto3.session.Session(
            role_session.access_key_id,
            role_session.secret_access_key,
            role_session.session_token,
        )
        baker = Aws(Clients(session.client))
        for service in ("autoscaling", "codedeploy", "codepipeline", "ec2", "ssm"):
            client = getattr(baker.clients, service)
            # Computed at the first error, and so in each copy of this process.
            client.meta.service_model.error_shapes  # noqa: B018
        _bakers.append(baker)
    return _bakers[0]
