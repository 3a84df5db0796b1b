"""Whose code answers a request to the local AWS, as far as its code shows without running it."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType

from moto.core.base_backend import BaseBackend
from moto.core.responses import BaseResponse
from moto.core.utils import camelcase_to_underscores

from local_aws import services
from local_aws.operations.table import By

# Services whose package in moto is not named after the prefix of their IAM actions.
PACKAGES = {"elasticloadbalancing": "elbv2", "lambda": "awslambda", "monitoring": "cloudwatch"}
# Methods of moto that are not named after the operation.
METHODS = {
    "GetBucketLifecycleConfiguration": "get_bucket_lifecycle",
    "GetBucketNotificationConfiguration": "get_bucket_notification",
    "GetBucketTagging": "get_bucket_tags",
    "PutBucketLifecycleConfiguration": "put_bucket_lifecycle",
    "PutBucketNotificationConfiguration": "put_bucket_notification_configuration",
}


def method_name(operation: str) -> str:
    """The method of a response class that answers an operation."""
    return METHODS.get(operation) or camelcase_to_underscores(operation)


def answered_by(prefix: str, operation: str) -> By | None:
    """Whose code answers an operation; ``None`` if there is no code for it.

    It is extended where moto's code calls a method or makes an object of a class that is overridden
    in `local_aws.services`.

    Args:
        prefix: the service's (`local_aws.operations.table.Service`).
    """
    code = _Code(PACKAGES.get(prefix, prefix))
    name = method_name(operation)
    method = code.method(code.responses, name) or code.method(code.backends, name)
    if not method:
        return None
    if _is_ours(method):
        calls_motos = any(
            called.attr == name and ast.unparse(called.value) == "super()"
            for called in _attributes_called(method)
        )
        return By.EXTENDED if calls_motos else By.OURS
    return By.EXTENDED if code.reaches_ours(method) else By.MOTO


def methods_of_ours() -> Iterator[tuple[str, str]]:
    """All methods of response classes in `local_aws.services`, each after its service's prefix."""
    prefixes = {"functions": "lambda", "load_balancing": "elasticloadbalancing"}
    for found in _ours():
        if issubclass(found, BaseResponse):
            package = found.__module__.split(".")[2]
            for name, value in vars(found).items():
                if inspect.isfunction(value):
                    yield prefixes.get(package, package), name


@functools.cache
class _Code:
    """The classes of a service, moto's and ours."""

    def __init__(self, package: str) -> None:
        of_moto = _classes_in(f"moto.{package}")
        self.ours = [
            found
            for found in _ours()
            if f"services.{package}" in found.__module__
            or any(_is_of(base, package) for base in found.__mro__)
        ]
        every = [*self.ours, *of_moto]
        self.responses = [each for each in every if issubclass(each, BaseResponse)]
        self.backends = [each for each in every if issubclass(each, BaseBackend)]
        self.models = [each for each in self.ours if each not in self.responses + self.backends]

    @staticmethod
    def method(classes: list[type], name: str) -> FunctionType | None:
        """The method that an object of the most derived class with it has."""
        having = [each for each in classes if hasattr(each, name)]
        having.sort(key=lambda each: sum(issubclass(other, each) for other in having))
        for each in having:
            found = inspect.getattr_static(each, name)
            if isinstance(found, FunctionType) and not found.__module__.startswith("moto.core"):
                return inspect.unwrap(found)
        return None

    def reaches_ours(self, start: FunctionType) -> bool:
        """Whether a function of moto's leads to a function or a class of ours."""
        seen = {start}
        to_read = [start]
        while to_read:
            for called in self._called(to_read.pop()):
                if _is_ours(called) or called in _replaced():
                    return True
                if isinstance(called, FunctionType) and called not in seen:
                    seen.add(called)
                    to_read.append(called)
        return False

    def _called(self, function: FunctionType) -> Iterator[Callable[..., object]]:
        known = function.__globals__
        for call in _calls(function):
            if isinstance(call, ast.Name):
                if call.id in known:
                    yield known[call.id]
                continue
            receiver = known.get(ast.unparse(call.value))
            if isinstance(receiver, ModuleType):
                if callable(found := getattr(receiver, call.attr, None)):
                    yield found
                continue
            families = [self.backends, self.models]
            if ast.unparse(call.value) == "self" and "responses" in function.__module__:
                families = [self.responses]
            for family in families:
                if found := self.method(family, call.attr):
                    yield found


def _is_of(found: type, package: str) -> bool:
    return f"{found.__module__}.".startswith(f"moto.{package}.")


def _is_ours(found: Callable[..., object]) -> bool:
    return (getattr(found, "__module__", None) or "").startswith("local_aws.services")


@functools.cache
def _modules(package: str) -> list[ModuleType]:
    root = importlib.import_module(package)
    inside = pkgutil.walk_packages(root.__path__, f"{package}.")
    return [root, *(importlib.import_module(each.name) for each in inside)]


@functools.cache
def _classes_in(package: str) -> list[type]:
    return [
        value
        for module in _modules(package)
        for value in vars(module).values()
        if inspect.isclass(value) and value.__module__ == module.__name__
    ]


def _ours() -> list[type]:
    return _classes_in(services.__name__)


@functools.cache
def _replaced() -> set[object]:
    """The classes and functions of moto that an `install` of ours replaces."""
    found: set[object] = set()
    for module in _modules(services.__name__):
        install = getattr(module, "install", None)
        if isinstance(install, FunctionType):
            for node in ast.walk(_tree(install)):
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
                    target = node.targets[0]
                    holder = install.__globals__.get(ast.unparse(target.value))
                    value = getattr(holder, target.attr, None)
                    if inspect.isclass(value) or inspect.isfunction(value):
                        found.add(value)
    return found


@functools.cache
def _calls(function: FunctionType) -> list[ast.Attribute | ast.Name]:
    return [
        node.func
        for node in ast.walk(_tree(function))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
    ]


def _attributes_called(function: FunctionType) -> list[ast.Attribute]:
    return [call for call in _calls(function) if isinstance(call, ast.Attribute)]


def _tree(function: FunctionType) -> ast.AST:
    source = inspect.getsource(function)
    # Strings of several lines may be less indented than the code.
    return ast.parse(f"if True:\n{source}" if source[0].isspace() else source)
