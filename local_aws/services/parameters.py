"""Reading requests: which parameters an operation knows, and paging through what it answers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from local_aws.refusal import Refusal

Method = TypeVar("Method", bound=Callable[..., Any])
Item = TypeVar("Item")


def knows(*names: str) -> Callable[[Method], Method]:
    """Decorate an operation of one of moto's response classes: any other parameter is refused."""

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
    """The items of one page and the token of the next; everything when ``max_results`` is None.

    Raises:
        Refusal: for a token that was not given out here.
    """
    if token and not token.removeprefix("page-").isdigit():
        raise Refusal(f"the token {token!r}")
    start = int(token.removeprefix("page-")) if token else 0
    end = len(items) if max_results is None else start + max_results
    return items[start:end], f"page-{end}" if end < len(items) else None
