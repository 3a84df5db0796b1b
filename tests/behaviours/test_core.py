"""What all services share: recording, refusing, holding."""

from __future__ import annotations

import ast
import inspect
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from local_aws import client
from local_aws.client import LocalAws
from local_aws.conditions import ConditionChanges, Conditions


def test_a_request_is_recorded_with_its_parameters_and_the_role_that_made_it(aws: LocalAws) -> None:
    role = aws.client("iam").create_role(
        RoleName="reader", AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}'
    )["Role"]["Arn"]
    session = aws.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    ec2 = aws.client("ec2")
    ec2._request_signer._credentials.access_key = session["AccessKeyId"]

    ec2.describe_images(Owners=["self"])

    (record,) = aws.requests(principal=role)
    assert (record["service"], record["operation"], record["status"]) == (
        "ec2",
        "DescribeImages",
        200,
    )
    assert record["parameters"] == {"Owners": ["self"]}


def test_the_administrators_requests_are_the_administrators(aws: LocalAws) -> None:
    aws.client("s3").list_buckets()
    assert aws.requests(principal="user/administrator")[-1]["operation"] == "ListBuckets"


def test_an_operation_that_nobody_implements_is_refused_by_name(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match=r"NotKnownToLocalAws.*does not know.*EnableFastLaunch"):
        aws.client("ec2").enable_fast_launch(ImageId="ami-12345678")


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("codedeploy", "ListApplications", {}),
        ("ec2", "CreateKeyPair", {"KeyName": "mine"}),
        ("lambda", "ListFunctions", {}),
        ("s3", "ListObjectsV2", {"Bucket": "mine"}),
        ("sqs", "ListQueues", {}),
    ],
)
def test_an_operation_that_is_not_in_the_table_is_refused_although_moto_knows_it(
    aws: LocalAws, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    request = getattr(aws.client(service), xform_name(operation))
    with pytest.raises(
        ClientError, match=rf"NotKnownToLocalAws.* {operation} of {service}; .*Add a behaviour"
    ):
        request(**parameters)
    record = aws.requests()[-1]
    assert (record["operation"], record["status"]) == (operation, 400)


def test_a_call_is_held_until_it_is_released(aws: LocalAws) -> None:
    ssm = aws.client("ssm")
    answered = threading.Event()

    def put() -> None:
        ssm.put_parameter(Name="held", Value="1", Type="String")
        answered.set()

    with aws.held_at(service="ssm", operation="PutParameter", when="before") as point:
        threading.Thread(target=put, daemon=True).start()
        point.wait()
        assert not answered.is_set()
        assert not ssm.describe_parameters()["Parameters"]
    assert answered.wait(600)


def test_a_call_that_is_dropped_never_takes_effect(aws: LocalAws) -> None:
    once = aws.client("ssm", config=Config(retries={"total_max_attempts": 1}))
    errors: list[ClientError] = []

    def put() -> None:
        try:
            once.put_parameter(Name="dropped", Value="1", Type="String")
        except ClientError as error:
            errors.append(error)

    caller = threading.Thread(target=put, daemon=True)
    with aws.held_at(service="ssm", operation="PutParameter", when="before") as point:
        caller.start()
        point.wait()
        point.dropped = True
    caller.join(600)
    assert "503" in str(errors)
    names = [parameter["Name"] for parameter in once.describe_parameters()["Parameters"]]
    assert "dropped" not in names


def test_a_condition_that_does_not_exist_is_refused(aws: LocalAws) -> None:
    with pytest.raises(RuntimeError, match="'weather' is not a condition"):
        aws.set_conditions(weather="sunny")  # type: ignore[call-arg]


def test_every_condition_can_be_set_and_reset(aws: LocalAws) -> None:
    assert set(ConditionChanges.__annotations__) == set(vars(Conditions()))
    aws.set_conditions(**vars(Conditions(image_seconds=1)))
    aws.reset_conditions()


def test_every_control_has_a_method(aws: LocalAws) -> None:
    with pytest.raises(RuntimeError, match="no control is named nonsense") as refused:
        aws._control("nonsense")
    known = ast.literal_eval(str(refused.value).partition("known are ")[2])
    called = set(re.findall(r'_control\(\s*"([^"]+)"', inspect.getsource(client)))
    assert called == set(known)


def test_what_is_listed_may_grow_meanwhile(aws: LocalAws) -> None:
    def put(writer: int) -> None:
        ssm = aws.client("ssm")
        for number in range(150):
            ssm.put_parameter(Name=f"/{writer}/{number}", Value="1", Type="String")

    with ThreadPoolExecutor() as pool:
        writers = [pool.submit(put, writer) for writer in range(2)]
        once = aws.client("ssm", config=Config(retries={"total_max_attempts": 1}))
        while not all(writer.done() for writer in writers):
            once.describe_parameters()
        for writer in writers:
            writer.result()
