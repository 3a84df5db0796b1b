"""The steps of a bake, in order, and the walk through them.

Each invocation walks the whole list. Nothing is remembered between invocations but what AWS holds:
an invocation may be lost, repeated or cut off anywhere, and the next one goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from baker.model.answer import Answer, Continue
from baker.outcome import answer_of
from baker.steps.check_overtaken import (
    check_overtaken_before_capture,
    check_overtaken_during_capture,
)
from baker.steps.check_targets import check_targets
from baker.steps.choose_source import choose_source, find_source_in_standby
from baker.steps.clean_up import clean_up
from baker.steps.create_image import create_image
from baker.steps.discard_image import discard_unusable_image
from baker.steps.enter_standby import enter_standby
from baker.steps.find_image import find_image
from baker.steps.flush_file_systems import flush_file_systems
from baker.steps.promote import find_promotion, promote
from baker.steps.return_from_standby import return_orphans, return_source
from baker.steps.state import Bake
from baker.steps.wait_for_image import wait_for_image


@dataclass(frozen=True)
class Step:
    """A row of the list.

    Attributes:
        run: does the step; nothing, or the answer that ends the walk.
        when: whether there is anything to do.
        even_when_over: also runs after another step's final answer, which holds once this step has
            nothing more to do.
    """

    run: Callable[[Bake], Answer | None]
    when: Callable[[Bake], bool] = lambda _: True
    even_when_over: bool = False

    def __call__(self, bake: Bake) -> Answer | None:
        return self.run(bake) if self.when(bake) else None


def no_image(bake: Bake) -> bool:
    return bake.image is None


def not_promoted(bake: Bake) -> bool:
    return bake.promotion is None


def steps(capture: str) -> tuple[Step, ...]:
    """The list.

    Args:
        capture: how the image is taken: ``live`` or ``standby``.
    """
    in_standby = capture == "standby"
    return (
        Step(find_image),
        Step(check_overtaken_before_capture, when=no_image),
        *([Step(return_orphans, when=no_image)] if in_standby else []),
        Step(check_targets, when=no_image),
        *([Step(find_source_in_standby, when=no_image)] if in_standby else []),
        Step(choose_source, when=no_image),
        Step(enter_standby if in_standby else flush_file_systems, when=no_image),
        Step(partial(create_image, reboot=in_standby), when=no_image),
        Step(wait_for_image),
        *([Step(return_source, even_when_over=True)] if in_standby else []),
        Step(discard_unusable_image),
        Step(find_promotion),
        Step(check_overtaken_during_capture, when=not_promoted),
        Step(promote, when=not_promoted),
        Step(clean_up),
    )


def walk(steps: Sequence[Step], bake: Bake) -> Answer:
    """Run the steps until one gives the answer.

    Raises:
        OutOfTime: when the function's time is nearly over.
    """
    answer: Answer | None = None
    for step in steps:
        if answer and not step.even_when_over:
            continue
        answer = answer_of(partial(step, bake), bake.job.token) or answer
        if isinstance(answer, Continue):
            return answer
    assert answer, "the last step always answers"
    return answer
