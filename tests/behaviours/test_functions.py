"""Lambda: the code that was uploaded runs as it was configured."""

from __future__ import annotations

import functools
import io
import json
import os
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from support.fleet import eventually

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
CODE = """
import json, logging, os, time
import boto3

log = logging.getLogger()
invocations = 0

def handler(event, context):
    global invocations
    invocations += 1
    log.info("working", extra={"step": "one"})
    if "sleep" in event:
        time.sleep(event["sleep"])
    if "put" in event:
        boto3.client("ssm").put_parameter(
            Name=f"{event['put']}-{uuid(context)}", Value=str(invocations), Type="String"
        )
    if "fail" in event:
        raise RuntimeError(event["fail"])
    return {"invocations": invocations, "environment": dict(os.environ), "id": uuid(context)}

def uuid(context):
    return context.aws_request_id
"""


def packed(code: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("worker/main.py", code)
    return archive.getvalue()


Make = Callable[..., str]


@pytest.fixture
def make(aws: LocalAws) -> Make:
    return functools.partial(make_function, aws)


def make_function(aws: LocalAws, code: str = CODE, **settings: Any) -> str:
    name = f"f-{uuid.uuid4().hex[:8]}"
    role = aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
    aws.client("logs").create_log_group(logGroupName=f"/aws/lambda/{name}")
    aws.client("lambda").create_function(
        **{
            "FunctionName": name,
            "Role": role["Role"]["Arn"],
            "Runtime": "python3.13",
            "Handler": "worker.main.handler",
            "Code": {"ZipFile": packed(code)},
            "Timeout": 10,
            **settings,
        }
    )
    return name


def invoke(aws: LocalAws, name: str, **event: Any) -> tuple[Any, str | None]:
    answer = aws.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event))
    return json.load(answer["Payload"]), answer.get("FunctionError")


def logged(aws: LocalAws, name: str, text: str) -> str:
    """The log's line with this text, of which there is one; logs come after the answers."""
    logs = aws.client("logs")

    def lines() -> list[str]:
        events = logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
        return [event["message"] for event in events if text in event["message"]]

    (line,) = eventually(lines, bool)
    return line


def parameters(aws: LocalAws, prefix: str, count: int) -> list[str]:
    """The parameters that begin with ``prefix``, once there are ``count`` of them."""

    def found() -> list[str]:
        names = [one["Name"] for one in aws.client("ssm").describe_parameters()["Parameters"]]
        return [name for name in names if name.startswith(prefix)]

    return eventually(found, lambda names: len(names) >= count)


def test_the_handler_runs_with_the_functions_environment_and_role(
    aws: LocalAws, make: Make
) -> None:
    name = make(Environment={"Variables": {"COLOUR": "blue"}}, MemorySize=256)
    result, error = invoke(aws, name, put=f"{name}-called")
    assert not error
    assert result["environment"]["COLOUR"] == "blue"
    assert result["environment"]["AWS_LAMBDA_FUNCTION_NAME"] == name
    assert result["environment"]["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    calls = aws.requests(principal=f"role/{name}")
    assert "PutParameter" in {call["operation"] for call in calls}


def test_nothing_of_the_servers_environment_reaches_the_function(aws: LocalAws, make: Make) -> None:
    result, _ = invoke(aws, make())
    assert not {"HOME", "PYTHONPATH", "VIRTUAL_ENV"} & result["environment"].keys()


def test_a_warm_container_takes_the_next_invocation(aws: LocalAws, make: Make) -> None:
    name = make()
    assert [invoke(aws, name)[0]["invocations"] for _ in range(2)] == [1, 2]
    assert aws.cold_starts(name) == 1


@pytest.mark.parametrize("change", ["code", "configuration"])
def test_a_change_ends_warm_containers(aws: LocalAws, make: Make, change: str) -> None:
    name = make()
    invoke(aws, name)
    if change == "code":
        aws.client("lambda").update_function_code(
            FunctionName=name, ZipFile=packed(CODE.replace('"id"', '"new"'))
        )
    else:
        aws.client("lambda").update_function_configuration(
            FunctionName=name, Environment={"Variables": {"A": "B"}}
        )
    result, _ = invoke(aws, name)
    assert result["invocations"] == 1
    assert ("new" in result) == (change == "code")


def test_an_exception_is_a_function_error(aws: LocalAws, make: Make) -> None:
    result, error = invoke(aws, make(), fail="no")
    assert error == "Unhandled"
    assert (result["errorType"], result["errorMessage"]) == ("RuntimeError", "no")


@pytest.mark.parametrize("code", ["import nowhere", "def other(event, context): pass"])
def test_code_that_cannot_be_loaded_is_a_function_error(
    aws: LocalAws, make: Make, code: str
) -> None:
    _, error = invoke(aws, make(code))
    assert error == "Unhandled"


def test_a_timeout_ends_the_invocation_and_the_container(aws: LocalAws, make: Make) -> None:
    name = make(Timeout=4)
    result, error = invoke(aws, name, sleep=30)
    assert error == "Unhandled"
    assert "Task timed out after 4.00 seconds" in result["errorMessage"]
    assert logged(aws, name, "Task timed out")
    # A busy machine may take as long to start the next container, which then times out as well.
    again = eventually(lambda: invoke(aws, name)[0], lambda result: "invocations" in result)
    assert again["invocations"] == 1


def test_logs_are_json_when_the_function_says_so(aws: LocalAws, make: Make) -> None:
    name = make(LoggingConfig={"LogFormat": "JSON"})
    result, _ = invoke(aws, name)
    record = json.loads(logged(aws, name, '"working"'))
    assert (record["level"], record["step"], record["requestId"]) == ("INFO", "one", result["id"])


def test_logs_are_written_with_the_functions_role(aws: LocalAws, make: Make) -> None:
    name = make()
    invoke(aws, name)
    operations = {call["operation"] for call in aws.requests(principal=f"role/{name}")}
    assert {"CreateLogStream", "PutLogEvents"} <= operations


def test_the_logging_configuration_is_kept(aws: LocalAws, make: Make) -> None:
    name = make(LoggingConfig={"LogFormat": "JSON", "LogGroup": "/elsewhere"})
    kept = aws.client("lambda").get_function_configuration(FunctionName=name)["LoggingConfig"]
    assert (kept["LogFormat"], kept["LogGroup"]) == ("JSON", "/elsewhere")


def test_an_asynchronous_invocation_that_fails_is_tried_three_times(
    aws: LocalAws, make: Make
) -> None:
    name = make()
    answer = aws.client("lambda").invoke(
        FunctionName=name,
        InvocationType="Event",
        Payload=json.dumps({"put": f"{name}-try", "fail": "always"}),
    )
    assert answer["StatusCode"] == 202
    assert len(parameters(aws, f"{name}-try", 3)) == 3


def test_the_event_invoke_config_says_how_often(aws: LocalAws, make: Make) -> None:
    name = make()
    functions = aws.client("lambda")
    functions.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0)
    functions.invoke(
        FunctionName=name,
        InvocationType="Event",
        Payload=json.dumps({"put": f"{name}-try", "fail": "always"}),
    )
    parameters(aws, f"{name}-try", 1)
    aws.sleep(400)
    assert len(parameters(aws, f"{name}-try", 1)) == 1


def test_a_running_invocation_can_be_cut_off(aws: LocalAws, make: Make) -> None:
    name = make()
    aws.client("lambda").put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0)
    with aws.held_at(operation="PutParameter", principal=name) as held:
        aws.client("lambda").invoke(
            FunctionName=name, InvocationType="Event", Payload=json.dumps({"put": name})
        )
        held.wait()
        assert aws.kill_invocations(name) == 1
    assert invoke(aws, name)[0]["invocations"] == 1


def test_a_role_that_lambda_cannot_assume_is_refused(aws: LocalAws, make: Make) -> None:
    with pytest.raises(ClientError, match="cannot be assumed by Lambda"):
        make(Role="arn:aws:iam::123456789012:role/nobody")


@pytest.mark.parametrize(
    "setting",
    [
        {"Runtime": "nodejs22.x"},
        {"Layers": ["arn:aws:lambda:us-east-1:123456789012:layer:x:1"]},
        {"VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}},
    ],
)
def test_what_is_not_modelled_is_refused(
    aws: LocalAws, make: Make, setting: dict[str, Any]
) -> None:
    with pytest.raises(ClientError, match="NotKnownToLocalAws"):
        make(**setting)


def test_a_functions_process_does_not_outlive_the_server() -> None:
    code = "import os\ndef handler(event, context):\n    return os.getpid()"
    with LocalAws.start() as aws:
        process, _ = invoke(aws, make_function(aws, code))

    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
