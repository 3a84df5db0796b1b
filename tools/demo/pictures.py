"""What is shown of the demo's things: from data to what rich prints."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from demo.terraform import Progress
from demo.views import Image, Instance, LaunchTemplateVersion
from service import Stage

STATUS_STYLES = {"Succeeded": "green", "Failed": "bold red", "InProgress": "yellow"}
_spinner = Spinner("dots", style="yellow")


def duration(seconds: float) -> str:
    """`4.2 s`, `42 s`, `2 min 05 s`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def table(*columns: str, title: str = "") -> Table:
    made = Table(title=title or None, title_justify="left", title_style="bold", border_style="dim")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def apply_picture(progress: Progress, seconds: float) -> RenderableType:
    """A bar, and what has been under way for longest."""
    bar = Table.grid(padding=(0, 1))
    count = f"{progress.done}/{progress.total or '?'} resources"
    bar.add_row(
        _spinner,
        ProgressBar(progress.total or None, progress.done, width=40, pulse=not progress.total),
        count,
        duration(seconds),
    )
    waiting = [
        Text(f"  {address} ({duration(since)})", style="dim", overflow="ellipsis", no_wrap=True)
        for address, since in progress.slowest()[:4]
    ]
    return Group(bar, *waiting)


def stages_picture(stages: Sequence[Stage]) -> RenderableType:
    made = table("Stage", "Status", "Time", "What it says")
    for stage in stages:
        time = duration(stage.seconds) if stage.status else ""
        name = Text(stage.status or "waiting", style=STATUS_STYLES.get(stage.status, "dim"))
        made.add_row(stage.name, name, time, stage.summary)
    made.columns[0].min_width = 10
    made.columns[1].min_width = 10
    made.columns[2].min_width = 7
    return made


def image_picture(image: Image) -> RenderableType:
    made = table("Image", image.id)
    for name, value in {"name": image.name, "state": image.state, **image.tags}.items():
        made.add_row(name, value)
    return made


def template_picture(
    template_id: str, before: LaunchTemplateVersion, after: LaunchTemplateVersion
) -> RenderableType:
    """The two versions beside each other, what differs first."""
    made = table(f"Launch template {template_id}", "before the bake", "after the bake")
    made.add_row("version", str(before.number), Text(str(after.number), style="bold green"))
    made.add_row("image", before.image_id, Text(after.image_id, style="bold green"))
    for name in ("InstanceType", "MetadataOptions"):
        old, new = before.settings.get(name), after.settings.get(name)
        made.add_row(name, words(old), words(new))
    rest = set(after.settings) - {"InstanceType", "MetadataOptions"}
    made.add_row(f"{len(rest)} other settings", "", "the same")
    return made


def words(value: object) -> str:
    """A setting in one line."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {inner}" for key, inner in sorted(value.items()))
    return str(value)


def instances_picture(instances: Sequence[Instance], new: str = "") -> RenderableType:
    """Args: new: the id of the instance to point out."""
    made = table("Instance", "State", "Launch template version", "Image", "Application on its disk")
    for instance in instances:
        style = "bold green" if instance.id == new else ""
        name = f"{instance.id} (new)" if instance.id == new else instance.id
        made.add_row(
            name,
            instance.state,
            str(instance.template_version),
            instance.image_id,
            instance.application,
            style=style,
        )
    return made
