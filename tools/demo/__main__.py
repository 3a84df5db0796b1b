"""`python -m demo [--keep | --down]`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from demo import kept
from demo.errors import DemoError
from demo.pictures import duration
from demo.screen import Screen
from demo.story import Story
from local_aws.client import LocalAws
from toolchain import environment
from workspace import copy_repository

# An image takes three minutes on AWS and six seconds here.
SPEED = 30


def main() -> int:
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--keep", action="store_true", help="leave it running")
    choice.add_argument("--down", action="store_true", help="take down what --keep left running")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, interrupt)
    # The user's own AWS account, proxy and Terraform settings stay out of it.
    settings = environment()
    os.environ.clear()
    os.environ.update(settings)
    screen = Screen()
    if given.down:
        return take_down(screen)
    if kept.is_running():
        print("demo: one is running already; take it down with: make demo-down", file=sys.stderr)
        return 2
    try:
        run(screen, keep=given.keep)
    except KeyboardInterrupt:
        screen.say("[bold red]interrupted:[/] everything was taken down")
        return 130
    except (BotoCoreError, ClientError, DemoError, OSError, RuntimeError) as error:
        screen.say("[bold red]The demo failed:[/]")
        screen.console.print(str(error), markup=False, soft_wrap=True)
        screen.say("everything was taken down")
        if kept.LOG.exists():
            screen.say(f"the local AWS's log: {kept.LOG}")
        return 1
    return 0


def interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def run(screen: Screen, *, keep: bool) -> None:
    """Tell the story; unless it is to be kept, nothing is left of it in the end."""
    kept.clear()
    aws = LocalAws.start(speed=SPEED, folder=kept.AWS)
    stays = False
    try:
        repository = copy_repository(kept.REPOSITORY)
        story = Story(screen, aws, repository, kept.APPLICATION, {**os.environ, **aws.env})
        story.tell()
        if keep:
            kept.remember(aws, story.workspace.environment)
            stays = True
            screen.chapter("Still running")
            screen.console.print(kept.how_to_look(story.outputs), markup=False, soft_wrap=True)
        else:
            story.destroy()
        screen.say(f"[bold green]All checks passed[/] ({duration(screen.seconds)})")
    finally:
        if not stays:
            kept.stop(aws)
    if not stays:
        kept.remove()


def take_down(screen: Screen) -> int:
    if not kept.is_running():
        screen.say("no demo is running")
    kept.take_down()
    return 0


if __name__ == "__main__":
    sys.exit(main())
