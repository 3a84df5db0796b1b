"""The demo from beginning to end. Each chapter shows something and checks that it is so."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo import pictures, views
from demo.errors import DemoError
from demo.pictures import duration
from demo.screen import Screen
from demo.terraform import Progress, Workspace
from demo.views import Image, LaunchTemplateVersion
from local_aws.client import LocalAws
from service import Application, Service, Stage

STACK = Path("examples") / "complete"
SAMPLE = Path("examples") / "application"
# A log file says what it waits for when nothing has happened for so long.
QUIET_SECONDS = 15


@dataclass(frozen=True)
class Bake:
    """What one push led to."""

    version: str
    image: Image
    template: LaunchTemplateVersion


class Story:
    """The demo on a local AWS.

    Args:
        repository: a copy of this repository, for Terraform to work in.
        folder: an empty one, for the clone of the application.
        environment: in which Terraform and git run.
    """

    def __init__(
        self,
        screen: Screen,
        aws: LocalAws,
        repository: Path,
        folder: Path,
        environment: dict[str, str],
    ) -> None:
        self.screen = screen
        self.aws = aws
        self.workspace = Workspace(repository / STACK, environment)
        self.sample = repository / SAMPLE
        self.folder = folder
        self.environment = environment
        self.outputs: dict[str, Any] = {}

    def tell(self) -> None:
        self.apply()
        self.deliver("1.0.0", "The first push: version 1.0.0")
        second = self.deliver("2.0.0", "The second push: version 2.0.0")
        self.scale_out(second)
        self.plan()

    def apply(self) -> None:
        self.screen.chapter(f"terraform apply of {STACK}")
        self.screen.say(f"local AWS at {self.aws.endpoint}")
        started = time.monotonic()
        self.workspace.init()
        done = self._follow(self.workspace.apply)
        self.outputs = self.workspace.outputs()
        application = Application(
            self.sample, self.folder, self.environment, self.outputs["clone_url"]
        )
        self.service = Service(self.aws.client, self.outputs, application)
        seconds = duration(time.monotonic() - started)
        self.screen.proven(f"{done.done} resources in {seconds}")
        self.screen.show(pictures.instances_picture(views.instances(self.service, self.aws)))

    def deliver(self, version: str, title: str) -> Bake:
        """Push, and see the pipeline deploy, bake and promote."""
        self.screen.chapter(title)
        before = views.launch_template(self.service)
        commit = self.service.push(version)
        self.screen.say(f"pushed commit {commit[:7]} to {self.outputs['clone_url']}")
        execution = self.service.execution_of(commit)
        self._watch(execution)
        variables = self.service.variables(execution, "Automation")
        after = views.launch_template(self.service)
        image = views.image(self.service, variables["ImageId"])
        self._check_bake(image, before, after)
        self.screen.show(pictures.image_picture(image))
        self.screen.show(
            pictures.template_picture(self.outputs["launch_template_id"], before, after)
        )
        self.screen.proven("the image is available, and is all that the new version changes")
        return Bake(version, image, after)

    def scale_out(self, baked: Bake) -> None:
        """One instance more: it has to come from the image, and hold the revision."""
        self.screen.chapter("Scale out by one")
        launched = self.service.scale_to(len(self.service.instances()) + 1)
        instances = views.instances(self.service, self.aws)
        (new,) = [instance for instance in instances if instance.id in launched]
        self.screen.show(pictures.instances_picture(instances, new.id))
        expect("the new instance's image", new.image_id, baked.image.id)
        expect("its launch template version", new.template_version, baked.template.number)
        self.screen.proven(
            f"{new.id} came from image {new.image_id}, launch template version "
            f"{new.template_version}"
        )
        held = views.application_in(self.aws, new.image_id)
        expect("the version in the image", held, baked.version)
        self.screen.proven(
            f"the image holds version {held}, so the instance had it before CodeDeploy deployed"
        )
        for instance in instances:
            expect(f"the version on {instance.id}", instance.application, baked.version)
        self.screen.proven(f"all {len(instances)} instances run version {baked.version}")

    def plan(self) -> None:
        self.screen.chapter("terraform plan after two bakes and a scale-out")
        changes = self.workspace.planned_changes()
        if changes:
            raise DemoError(f"terraform plan is not empty:\n{changes}")
        self.screen.proven("no changes: Terraform keeps the baked image")

    def destroy(self) -> None:
        self.screen.chapter("terraform destroy")
        started = time.monotonic()
        done = self._follow(self.workspace.destroy)
        seconds = duration(time.monotonic() - started)
        self.screen.proven(f"{done.done} resources destroyed in {seconds}")
        left = ", ".join(sorted(image["ImageId"] for image in self.service.images()))
        self.screen.say(
            f"Terraform does not manage the baked images: in an AWS account {left} would be kept, "
            "with their snapshots, until somebody deregisters them"
        )

    def _follow(self, run: Callable[[], Iterator[dict[str, Any]]]) -> Progress:
        progress, started = Progress(), time.monotonic()

        def draw() -> Any:
            return pictures.apply_picture(progress, time.monotonic() - started)

        said = started
        with self.screen.live(draw):
            for event in run():
                line = progress.follow(event)
                if not line and time.monotonic() - said > QUIET_SECONDS:
                    line = "waiting for " + (", ".join(progress.under_way) or "the plan")
                if line:
                    self.screen.change(line)
                    said = time.monotonic()
        return progress

    def _watch(self, execution: str) -> None:
        stages = [Stage(name) for name in self.service.stage_names]
        seen: dict[str, tuple[str, str]] = {}
        with self.screen.live(lambda: pictures.stages_picture(stages), leave=True):
            for stages in self.service.follow(execution):
                for stage in stages:
                    if stage.status and seen.get(stage.name) != (stage.status, stage.summary):
                        seen[stage.name] = (stage.status, stage.summary)
                        self.screen.change(line_of(stage))
        check_succeeded(self.service, execution)
        total = duration(sum(stage.seconds for stage in stages))
        self.screen.proven(f"execution {execution} succeeded in {total}")

    def _check_bake(
        self, image: Image, before: LaunchTemplateVersion, after: LaunchTemplateVersion
    ) -> None:
        expect("the state of the image", image.state, "available")
        expect("the image in the launch template", after.image_id, image.id)
        expect("the launch template's newest version", after.number, before.number + 1)
        expect("the launch template's other settings", after.settings, before.settings)


def line_of(stage: Stage) -> str:
    time = "" if stage.status == "InProgress" else f" in {duration(stage.seconds)}"
    said = f": {stage.summary}" if stage.summary else ""
    return f"{stage.name} {stage.status}{time}{said}"


def check_succeeded(service: Service, execution: str) -> None:
    """Raises: DemoError: unless the execution has succeeded."""
    status = service.status(execution)
    if status != "Succeeded":
        explanation = service.explanation(execution)
        raise DemoError(f"execution {execution} ended {status}: {explanation}")


def expect(what: str, found: object, wanted: object) -> None:
    """Raises: DemoError: when they differ."""
    if found != wanted:
        raise DemoError(f"{what} is {found!r}, and should be {wanted!r}")
