"""The kinds of messages."""

from __future__ import annotations

from dataclasses import dataclass

from baker.errors import BakeError


@dataclass(frozen=True)
class Message:
    """A text with placeholders; call it with their values.

    Attributes:
        text: what happens or is wrong, and with which values.
        cause: when it is given; for the documentation.
        remedy: what to do; part of the text that is given.
    """

    text: str
    cause: str
    remedy: str = ""

    def __call__(self, **values: object) -> str:
        """The text with its values.

        Raises:
            KeyError: when a placeholder has no value.
        """
        return " ".join(filter(None, [self.text, self.remedy])).format_map(values)


@dataclass(frozen=True)
class Failure(Message):
    """A message that ends a bake or a call.

    Attributes:
        error_type: the error that carries it.
    """

    error_type: type[BakeError] = BakeError

    def error(self, **values: object) -> BakeError:
        """The error to raise."""
        return self.error_type(self(**values))
