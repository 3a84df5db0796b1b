"""Inputs of the same name are the same in the root module and in all modules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

import configuration
from configuration import Input, Module

ASPECTS = ("type", "default", "nullable", "description", "validations")

# Which modules may differ from the others, by input and aspect.
Exceptions = Mapping[tuple[str, str], tuple[str, ...]]
ROOT, BAKER, DEPLOYMENT, FLEET, KEY, PIPELINE = (
    ".",
    *(f"modules/{name}" for name in ("baker", "deployment", "fleet", "key", "pipeline")),
)
EXCEPTIONS: Exceptions = {
    # Each says what it names after it.
    ("name", "description"): (ROOT, BAKER, DEPLOYMENT, KEY, PIPELINE),
    # These say what gets the tags although Terraform does not create it.
    ("tags", "description"): (ROOT, BAKER, FLEET),
    # The root module can also create the key, and each says what it encrypts.
    ("encryption", "type"): (ROOT,),
    ("encryption", "validations"): (ROOT,),
    ("encryption", "description"): (ROOT, BAKER, PIPELINE),
    # It creates no roles, but refers to those of the other modules.
    ("role_path", "description"): (KEY,),
    # It also makes deployments take instances out of the load balancer.
    ("load_balancer", "description"): (ROOT,),
    # It updates the group's instances; the other images them.
    ("auto_scaling_group_name", "description"): (DEPLOYMENT,),
    # It also needs the name of the deployment configuration.
    ("codedeploy", "type"): (PIPELINE,),
    ("codedeploy", "validations"): (PIPELINE,),
    ("codedeploy", "description"): (PIPELINE,),
}


def values(modules: Mapping[str, Module]) -> dict[tuple[str, str], dict[str, Any]]:
    """What the modules say, by input and aspect.

    Validations that the root module leaves to the one module that receives an input are not in it.
    """
    found: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for module, content in modules.items():
        for each in content.inputs:
            for aspect in ASPECTS:
                found[each.name, aspect][module] = getattr(each, aspect)
    for (_, aspect), said in found.items():
        if aspect == "validations" and len(said) == 2 and said.get(".") == ():
            del said["."]
    return found


def differences(modules: Mapping[str, Module], exceptions: Exceptions) -> Iterator[tuple[str, str]]:
    """The inputs, each with an aspect, of which the modules that are no exceptions differ."""
    for key, said in values(modules).items():
        if len({said[module] for module in said.keys() - set(exceptions.get(key, ()))}) > 1:
            yield key


def test_copies_of_an_input_do_not_differ(modules: dict[str, Module]) -> None:
    assert not list(differences(modules, EXCEPTIONS)), "make the copies alike"


def test_every_exception_is_needed(modules: dict[str, Module]) -> None:
    said = values(modules)
    unneeded = [
        (key, module)
        for key, excepted in EXCEPTIONS.items()
        for module in excepted
        if said[key][module] in {said[key][other] for other in said[key].keys() - {module}}
    ]
    assert not unneeded


@pytest.fixture(scope="module")
def modules() -> dict[str, Module]:
    return {name: configuration.read(path) for name, path in configuration.folders().items()}


def having(**inputs: Input) -> dict[str, Module]:
    return {name: Module((each,), (), (), ()) for name, each in inputs.items()}


SIZE = Input("size", "number", None, False, "Size in GiB.", (("size > 0", "Too small."),))


@pytest.mark.parametrize(
    ("aspect", "value"),
    [
        ("type", "string"),
        ("default", "8"),
        ("nullable", True),
        ("description", "Size."),
        ("validations", ()),
    ],
)
def test_every_difference_is_found(aspect: str, value: Any) -> None:
    modules = having(a=SIZE, b=SIZE, c=replace(SIZE, **{aspect: value}))
    assert list(differences(modules, {})) == [("size", aspect)]
    assert list(differences(modules, {("size", aspect): ("c",)})) == []
    assert list(differences(having(a=SIZE, b=SIZE), {})) == []


def test_the_root_module_may_leave_validation_to_the_one_module_that_receives_an_input() -> None:
    unchecked = replace(SIZE, validations=())
    assert not list(differences(having(**{".": unchecked, "a": SIZE}), {}))
    assert list(differences(having(**{".": SIZE, "a": unchecked}), {}))
    assert list(differences(having(**{".": unchecked, "a": SIZE, "b": SIZE}), {}))
