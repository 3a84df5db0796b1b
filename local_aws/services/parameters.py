"""Parameters of requests: refusal of unknown ones, and pagination."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from local_aws.refusal import Refusal

Method = TypeVar("Method", bound=Callable[..., Any])
Item = TypeVar("Item")


def knows(*names: str) -> Callable[[Method], Method]:
    """Decorate an operation of a moto response class to refuse all parameters but ``names``."""

    def decorate(method: Method) -> Method:
        @functools.wraps(method)
        def checked(response: Any) -> Any:
            given = {name for name, value in response.params.items() if value not in (None, [], {})}
            for name in sorted(given - set(names)):
                raise Refusal(f"the parameter {name} of {method.__name__}")
            return method(response)

        return checked  # type: ignore[return-value]

    return decorate


def page(
    items: Sequence[Item], max_results: int | None, token: str | None
) -> tuple[Sequence[Item], str | None]:
    """A page of items, and the token of the next page if there is one.

    Args:
        max_results: the size of the page; ``None`` for all items.

    Raises:
        Refusal: for a token that this function did not return.
    """
    if token and not token.removeprefix("page-").isdigit():
        raise Refusal(f"the token {token!r}")
    start = int(token.removeprefix("page-")) if token else 0
    end = len(items) if max_results is None else start + max_results
    return items[start:end], f"page-{end}" if end < len(items) else None
