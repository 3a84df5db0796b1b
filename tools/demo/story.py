"""The demo from beginning to end. Each chapter shows something and checks that it is so."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo import pictures
from demo.application import Application
from demo.errors import DemoError
from demo.fleet import Fleet, Image, LaunchTemplateVersion
from demo.pictures import duration
from demo.pipeline import Pipeline, Stage
from demo.screen import Screen
from demo.terraform import Progress, Workspace
from local_aws.client import LocalAws

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
        application = Application(
            self.sample, self.folder, self.outputs["clone_url"], self.environment
        )
        self.deliver(application, f"The first push: version {application.version}")
        application.change_version("2.0.0")
        second = self.deliver(application, "The second push: version 2.0.0")
        self.scale_out(second)
        self.plan()

    def apply(self) -> None:
        self.screen.chapter(f"terraform apply of {STACK}")
        self.screen.say(f"local AWS at {self.aws.endpoint}")
        started = time.monotonic()
        self.workspace.init()
        done = self._follow(self.workspace.apply)
        self.outputs = self.workspace.outputs()
        self.pipeline = Pipeline(self.aws.client("codepipeline"), self.outputs["pipeline_name"])
        self.fleet = Fleet(
            self.aws, self.outputs["auto_scaling_group_name"], self.outputs["launch_template_id"]
        )
        seconds = duration(time.monotonic() - started)
        self.screen.proven(f"{done.done} resources in {seconds}")
        self.screen.show(pictures.instances_picture(self.fleet.instances()))

    def deliver(self, application: Application, title: str) -> Bake:
        """Push, and see the pipeline deploy, bake and promote."""
        self.screen.chapter(title)
        before = self.fleet.launch_template()
        commit = application.push()
        self.screen.say(f"pushed commit {commit[:7]} to {application.remote}")
        execution = self.pipeline.execution_of(commit)
        self._watch(execution)
        variables = self.pipeline.variables(execution, "Automation")
        after = self.fleet.launch_template()
        image = self.fleet.image(variables["ImageId"])
        self._check_bake(image, before, after)
        self.screen.show(pictures.image_picture(image))
        self.screen.show(pictures.template_picture(self.fleet.template_id, before, after))
        self.screen.proven("the image is available, and the one thing that the new version changes")
        return Bake(application.version, image, after)

    def scale_out(self, baked: Bake) -> None:
        """One instance more: it has to come from the image, and hold the revision."""
        self.screen.chapter("Scale out by one")
        known = {instance.id for instance in self.fleet.instances()}
        instances = self.fleet.wait_until_in_service(self.fleet.scale_out())
        (new,) = [instance for instance in instances if instance.id not in known]
        self.screen.show(pictures.instances_picture(instances, new.id))
        expect("the new instance's image", new.image_id, baked.image.id)
        expect("its launch template version", new.template_version, baked.template.number)
        self.screen.proven(
            f"{new.id} came from image {new.image_id}, launch template version "
            f"{new.template_version}"
        )
        held = self.fleet.application_in(new.image_id)
        expect("the version in the image", held, baked.version)
        self.screen.proven(f"it held version {held} before CodeDeploy touched it: the image does")
        for instance in instances:
            expect(f"the version on {instance.id}", instance.application, baked.version)
        self.screen.proven(f"all {len(instances)} instances run version {baked.version}")

    def plan(self) -> None:
        self.screen.chapter("terraform plan after two bakes and a scale-out")
        changes = self.workspace.planned_changes()
        if changes:
            raise DemoError(f"terraform plan is not empty:\n{changes}")
        self.screen.proven("no changes: the baked image stays, and Terraform agrees")

    def destroy(self) -> None:
        self.screen.chapter("terraform destroy")
        started = time.monotonic()
        done = self._follow(self.workspace.destroy)
        seconds = duration(time.monotonic() - started)
        self.screen.proven(f"{done.done} resources destroyed in {seconds}")
        left = ", ".join(self.fleet.baked_images())
        self.screen.say(
            f"Terraform knows nothing of the baked images: in an AWS account {left} would stay, "
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
        stages = [Stage(name) for name in self.pipeline.stage_names]
        seen: dict[str, tuple[str, str]] = {}
        with self.screen.live(lambda: pictures.stages_picture(stages), leave=True):
            for stages in self.pipeline.follow(execution):
                for stage in stages:
                    if stage.status and seen.get(stage.name) != (stage.status, stage.summary):
                        seen[stage.name] = (stage.status, stage.summary)
                        self.screen.change(line_of(stage))
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


def expect(what: str, found: object, wanted: object) -> None:
    """Raises: DemoError: when they differ."""
    if found != wanted:
        raise DemoError(f"{what} is {found!r}, and should be {wanted!r}")
