"""The modules of the function's package and what they import, from their syntax trees."""

from __future__ import annotations

import ast
import graphlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from toolchain import ROOT

# From the bottom to the top; nothing imports what stands above it. A folder stands for all that is
# in it.
LAYERS = (
    ("errors", "limits", "time_limit"),
    ("messages",),
    ("model",),
    ("decisions",),
    ("aws",),
    ("targets",),
    ("invocation",),
    ("standby", "outcome", "retention"),
    ("steps", "undo"),
    ("bake",),
    ("runtime",),
    ("reporting",),
    ("answering",),
    ("entry",),
)


@dataclass(frozen=True)
class Module:
    """A module.

    Attributes:
        name: from the package's folder.
        names: what it imports from the package: the local name, the module, and the name there,
            which is empty for a module.
    """

    name: str
    text: str
    tree: ast.Module
    names: dict[str, tuple[str, str]]

    @property
    def imports(self) -> set[str]:
        return {module for module, _ in self.names.values()}

    @property
    def layer(self) -> int:
        """Its number in `LAYERS`.

        Raises:
            ValueError: when it has none yet.
        """
        for number, names in enumerate(LAYERS):
            if self.name.partition(".")[0] in names:
                return number
        raise ValueError(f"{self.name} stands in no layer: add it to LAYERS in {__file__}")

    def function(self, name: str) -> ast.FunctionDef | None:
        """A function, or ``Class.method``."""
        body: list[ast.stmt] = self.tree.body
        *classes, last = name.split(".")
        for each in classes:
            found = (node for node in body if isinstance(node, ast.ClassDef) and node.name == each)
            body = next((node.body for node in found), [])
        functions = (node for node in body if isinstance(node, ast.FunctionDef))
        return next((node for node in functions if node.name == last), None)

    def parameters(self, name: str) -> set[str]:
        """Of a function; none when it is no function."""
        function = self.function(name)
        if not function:
            return set()
        given = function.args
        return {each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)}


@dataclass(frozen=True)
class Package:
    """A package, without those of its modules that only have a docstring."""

    folder: Path = ROOT / "lambda_src" / "baker"

    @cached_property
    def modules(self) -> dict[str, Module]:
        files = {}
        for file in sorted(self.folder.rglob("*.py")):
            parts = file.relative_to(self.folder).with_suffix("").parts
            files[".".join(part for part in parts if part != "__init__")] = file.read_text()
        trees = {name: ast.parse(text) for name, text in files.items()}
        return {
            name: Module(name, files[name], tree, _names(tree, self.folder.name, set(files)))
            for name, tree in trees.items()
            if len(tree.body) > 1
        }

    @property
    def upward_imports(self) -> list[str]:
        return [
            f"{module.name} imports {imported}"
            for module in self.modules.values()
            for imported in sorted(module.imports)
            if self.modules[imported].layer > module.layer
        ]

    @property
    def circle(self) -> list[str]:
        """Modules that import each other in a circle, if any do."""
        graph = {module.name: module.imports for module in self.modules.values()}
        try:
            graphlib.TopologicalSorter(graph).prepare()
        except graphlib.CycleError as error:
            return list(error.args[1])
        return []


def _names(tree: ast.Module, package: str, modules: set[str]) -> dict[str, tuple[str, str]]:
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{package}."):
            source = (node.module or "").removeprefix(package).removeprefix(".")
            for alias in node.names:
                inner = f"{source}.{alias.name}".removeprefix(".")
                found = (inner, "") if inner in modules else (source, alias.name)
                names[alias.asname or alias.name] = found
    return names
