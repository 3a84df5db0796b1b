"""The table of operations (`local_aws.operations`): it is right, and nothing else is answered."""

from __future__ import annotations

import ast
import functools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore import xform_name
from moto.core.utils import get_service_model
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response

from local_aws import server
from local_aws.operations import KNOWN, SERVICES
from local_aws.operations.table import TERRAFORM, By, Operation, Service
from local_aws.recorder import BOTOCORE_NAMES
from support.answering import answered_by, method_name, methods_of_ours
from toolchain import ROOT

TESTS = ROOT / "tests"
OPERATIONS = [(service, each) for service in SERVICES for each in service.operations]
HOW_OFTEN = Counter(operation.name for _, operation in OPERATIONS)

each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.prefix)


@each_service
def test_operations_are_in_order_and_exist_in_the_api(service: Service) -> None:
    names = [operation.name for operation in service.operations]
    assert names == sorted(set(names))
    model = get_service_model(BOTOCORE_NAMES.get(service.prefix, service.prefix))
    assert set(names) <= set(model.operation_names)


@each_service
def test_the_table_says_whose_code_answers(service: Service) -> None:
    said = {operation.name: operation.by for operation in service.operations}
    assert said == {name: answered_by(service.prefix, name) for name in said}


@each_service
def test_pages_are_of_a_guide(service: Service) -> None:
    assert bool(service.guide) == any(operation.pages for operation in service.operations)


def test_whose_code_answers_is_found_in_the_code() -> None:
    assert answered_by("sts", "GetCallerIdentity") is By.MOTO
    assert answered_by("ec2", "CreateImage") is By.OURS
    # By a method that calls moto's, in moto's by one of the backend, a class, and a function.
    assert answered_by("autoscaling", "ResumeProcesses") is By.EXTENDED
    assert answered_by("ec2", "StopInstances") is By.EXTENDED
    assert answered_by("events", "PutRule") is By.EXTENDED
    assert answered_by("s3", "PutObject") is By.EXTENDED
    assert answered_by("ec2", "EnableFastLaunch") is None


def test_no_operation_is_implemented_and_not_answered() -> None:
    answered = {(prefix, method_name(operation)) for prefix, operation in KNOWN}
    for prefix, method in methods_of_ours():
        model = get_service_model(BOTOCORE_NAMES.get(prefix, prefix))
        if method in map(method_name, model.operation_names):
            assert (prefix, method) in answered


def imported(path: Path) -> Iterator[Path]:
    """The files of this project that a file imports, apart from those of the local AWS."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            for folder in (TESTS, ROOT / "tools", ROOT / "lambda_src"):
                module = folder.joinpath(*name.split("."))
                yield from filter(Path.is_file, (module.with_suffix(".py"), module / "__init__.py"))


@functools.cache
def words_of(path: Path) -> set[str]:
    """All words in a file and in those that it imports."""
    found, to_read = {path}, [path]
    while to_read:
        new = set(imported(to_read.pop())) - found
        found |= new
        to_read += new
    return {word for file in found for word in re.findall(r"\w+", file.read_text())}


def names_of(operation: Operation) -> set[str]:
    return {operation.name, xform_name(operation.name)}


@pytest.mark.parametrize(
    "operation",
    [operation for _, operation in OPERATIONS if operation.tested != (TERRAFORM,)],
    ids=lambda operation: operation.name,
)
def test_an_operation_is_named_where_it_is_tested(operation: Operation) -> None:
    assert operation.tested
    for tested in operation.tested:
        assert (TESTS / tested).name.startswith("test_")
        assert names_of(operation) & words_of(TESTS / tested)


def test_what_behaviours_name_is_not_left_to_terraform() -> None:
    files = [*(TESTS / "behaviours").glob("test_*.py"), *(TESTS / "support").glob("*.py")]
    called = {name for file in files for name in re.findall(r"\.(\w+)\(", file.read_text())}
    left = [operation for _, operation in OPERATIONS if operation.tested == (TERRAFORM,)]
    assert left
    for operation in left:
        # Services share some names, as ListTagsForResource.
        assert HOW_OFTEN[operation.name] > 1 or xform_name(operation.name) not in called


def test_an_operation_is_refused_once_it_is_not_in_the_table() -> None:
    assert describe_images_on(KNOWN).status_code == 200
    refused = describe_images_on(KNOWN - {("ec2", "DescribeImages")})
    assert refused.status_code == 400
    assert "<Code>NotKnownToLocalAws</Code>" in refused.get_data(as_text=True)


def test_a_request_that_is_not_signed_is_refused() -> None:
    refused = describe_images_on(KNOWN, headers={})
    assert refused.status_code == 400
    assert "POST /, which is no signed API call" in refused.get_data(as_text=True)


SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/ec2/aws4_request"}


def describe_images_on(
    known: frozenset[tuple[str, str]], headers: dict[str, str] = SIGNED
) -> Response:
    """The response to DescribeImages, with these operations in the table."""
    app = server.only(known, Response("answered"))
    body = {"Action": "DescribeImages", "Version": "2016-11-15"}
    builder = EnvironBuilder(method="POST", path="/", data=body, headers=headers)
    return Response.from_app(app, builder.get_environ())
