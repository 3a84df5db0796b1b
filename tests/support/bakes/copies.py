"""Copies of this process: what goes wrong in one does not happen in another.

A bake is run once, and wherever something is to go wrong, a copy is made in which it does. So each
fault costs only what comes after it, and meets an account in which no other has left anything.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import traceback
from collections.abc import Callable

# Makes a copy under a name. True in the copy; false in the original, once the copy has ended.
Branch = Callable[[str], bool]


def problems_in_copies(run: Callable[[Branch], list[str]]) -> dict[str, list[str]]:
    """What ``run`` returns in each copy that it makes, by the name of the copy.

    Raises:
        RuntimeError: when a copy failed, with its traceback.
    """
    found: dict[str, list[str]] = {}
    failed: dict[str, str] = {}
    to_original = None

    def branch(name: str) -> bool:
        nonlocal to_original
        assert name not in found, name
        here, there = multiprocessing.Pipe(duplex=False)
        copy = os.fork()
        if copy == 0:
            to_original = there
            gc.disable()
            return True
        there.close()
        try:
            problems, failure = here.recv()
        except EOFError:
            problems, failure = [], "it ended without an answer"
        here.close()
        os.waitpid(copy, 0)
        found[name] = problems
        if failure:
            failed[name] = failure
        return False

    # A collection would write to all objects, and so copy their memory.
    gc.collect()
    gc.freeze()
    answer: tuple[list[str], str] = ([], "")
    try:
        answer = (run(branch), "")
    except BaseException:
        if to_original is None:
            raise
        answer = ([], traceback.format_exc())
    finally:
        if to_original is not None:
            to_original.send(answer)
            os._exit(0)
    if failed:
        raise RuntimeError("\n".join(f"{name}:\n{failure}" for name, failure in failed.items()))
    return found
