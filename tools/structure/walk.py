"""The walk of an event through the functions that are given it.

It begins at `entry.handler`. A function of another module is followed when it takes the event, by
one of the `NAMES` that the package gives to it and to what is made from it; a function of the same
module is read together with its caller. Each is read once, at the first call, in the order of the
code. The list of steps is read where the steps run. A call of a method on an object is not
followed: those of `aws` say by their names what they do.

A stay is what is read of a module before another one is entered. A return is a stay in a module
that was left before.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from structure.modules import Module, Package

START = ("entry", "handler")
NAMES = {"bake", "event", "execution", "invocation", "job", "job_id", "token"}
# The function that runs the steps, and the one of the same module that lists them.
RUNS, LISTS = ("bake", "walk"), "steps"


@dataclass
class Stay:
    module: str
    functions: list[str]
    is_return: bool


@dataclass
class Walk:
    package: Package
    stays: list[Stay] = field(default_factory=list)
    _read: set[tuple[str, str]] = field(default_factory=set)

    @property
    def returns(self) -> int:
        return sum(stay.is_return for stay in self.stays)

    def enter(self, module: Module, name: str) -> None:
        """Read a function and what it leads to."""
        function = module.function(name)
        if function is None or (module.name, name) in self._read:
            return
        self._read.add((module.name, name))
        self._stay(module.name, name)
        called = [
            self._resolve(module, node.func)
            for node in _in_order(function)
            if isinstance(node, ast.Call)
        ]
        if (module.name, name) == RUNS:
            called += [
                self._resolve(module, node)
                for node in _in_order(module.function(LISTS))
                if isinstance(node, ast.Name) and node.id in module.names
            ]
        for other, callee in sorted(called, key=lambda each: each[0] is not module):
            if other is module or NAMES & other.parameters(callee):
                self.enter(other, callee)

    def _stay(self, module: str, name: str) -> None:
        if self.stays and self.stays[-1].module == module:
            self.stays[-1].functions.append(name)
        else:
            before = {stay.module for stay in self.stays}
            self.stays.append(Stay(module, [name], module in before))

    def _resolve(self, module: Module, called: ast.expr) -> tuple[Module, str]:
        """What is called by ``name``, ``module.name`` or ``Class.name``; otherwise no name."""
        attribute = ""
        if isinstance(called, ast.Attribute):
            attribute, called = called.attr, called.value
        if not isinstance(called, ast.Name):
            return module, ""
        source, name = module.names.get(called.id, (module.name, called.id))
        return self.package.modules[source], f"{name}.{attribute}".strip(".")


def walk(package: Package) -> Walk:
    """The walk of an event."""
    walked = Walk(package)
    walked.enter(package.modules[START[0]], START[1])
    return walked


def _in_order(node: ast.AST | None) -> Iterator[ast.AST]:
    """A node with all in it, in the order of the text; a call comes after its arguments."""
    for child in ast.iter_child_nodes(node) if node else ():
        yield from _in_order(child)
        yield child
