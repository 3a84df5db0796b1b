"""Where the demo writes to: live and in colour in a terminal, line by line in a log file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.live import Live


class Screen:
    """A terminal gets pictures that change in place. Anything else gets one line for each change,
    with the time, and no control characters. Colours follow https://no-color.org.
    """

    def __init__(self) -> None:
        console = Console(highlight=False)
        self.is_terminal = console.is_terminal and not console.is_dumb_terminal
        if not self.is_terminal:
            console = Console(highlight=False, width=160, force_terminal=False)
        self.console = console
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since the demo began."""
        return time.monotonic() - self._started

    def chapter(self, title: str) -> None:
        self.console.print()
        if self.is_terminal:
            self.console.rule(f"[bold]{title}[/]", align="left", style="blue")
        else:
            self.say(f"== {title}")

    def say(self, text: str) -> None:
        """A line; ``text`` may hold rich's markup."""
        stamp = "" if self.is_terminal else time.strftime("%H:%M:%S  ")
        self.console.print(stamp + text, soft_wrap=True)

    def change(self, text: str) -> None:
        """A line where no picture shows the change."""
        if not self.is_terminal:
            self.say(text)

    def proven(self, text: str) -> None:
        """Something that the demo has checked."""
        self.say(f"[green]✓[/] {text}")

    def show(self, picture: RenderableType) -> None:
        self.console.print(picture)

    @contextmanager
    def live(self, draw: Callable[[], RenderableType], *, leave: bool = False) -> Iterator[None]:
        """In a terminal, draw again and again while the block runs.

        Args:
            leave: the last picture stays.
        """
        if not self.is_terminal:
            yield
            return
        with Live(
            get_renderable=draw, console=self.console, transient=not leave, refresh_per_second=8
        ):
            yield
