"""Execution environments: a process that runs a function's code, and its log stream."""

from __future__ import annotations

import datetime
import io
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
import uuid
import zipfile
from pathlib import Path

from botocore.exceptions import ClientError

from local_aws.server_state import server_state
from local_aws.services.functions.models import Function
from local_aws.services.functions.runtime_api import Event, Result, RuntimeApi


class Container:
    """An execution environment, which runs one invocation after the other.

    AWS Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle".
    """

    def __init__(self, function: Function) -> None:
        self.function = function
        self.revision = function.revision()
        self.api = RuntimeApi()
        self.log = LogStream(function)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "awslambdaric", str(function.handler)],
            cwd=unpacked(function),
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        threading.Thread(target=self._watch, daemon=True).start()

    def invoke(self, payload: bytes) -> Result:
        """Run an invocation, for the function's timeout at most (real seconds)."""
        event = Event(
            request_id=str(uuid.uuid4()),
            payload=payload,
            deadline=time.time() + self.function.timeout,
            function_arn=self.function.function_arn,
        )
        self.log.write(f"START RequestId: {event.request_id} Version: $LATEST")
        started = time.monotonic()
        self.api.events.put(event)
        try:
            result = event.results.get(timeout=self.function.timeout)
        except queue.Empty:
            self.kill()
            text = f"{event.request_id} Task timed out after {self.function.timeout:.2f} seconds"
            self.log.write(text)
            result = Result(f'{{"errorMessage": "{text}"}}'.encode(), "Unhandled")
        milliseconds = (time.monotonic() - started) * 1000
        self.log.write(
            f"END RequestId: {event.request_id}\n"
            f"REPORT RequestId: {event.request_id} Duration: {milliseconds:.2f} ms"
        )
        return result

    def alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def _watch(self) -> None:
        """End the invocation when the process exits (error Runtime.ExitError)."""
        status = self.process.wait()
        self._reader.join(timeout=1)
        self.api.end(
            Result(
                b'{"errorType": "Runtime.ExitError", "errorMessage": "Runtime exited with error: '
                b'exit status %d"}' % status,
                "Unhandled",
            )
        )
        self.api.close()

    def _read_log(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.log.write(line.rstrip("\n"))

    def _environment(self) -> dict[str, str]:
        """The variables that Lambda sets (Developer Guide, "Defined runtime environment
        variables"), the SDK's endpoint, and the function's own variables."""
        function = self.function
        role = server_state.assume_role(
            function.role, function.region, "lambda.amazonaws.com", None
        )
        return {
            "PATH": os.environ["PATH"],
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "PYTHONDONTWRITEBYTECODE": "1",
            "_HANDLER": str(function.handler),
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
            "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_FORMAT": function.logging["LogFormat"],
            "AWS_LAMBDA_LOG_GROUP_NAME": function.logging["LogGroup"],
            "AWS_LAMBDA_LOG_LEVEL": function.logging.get("ApplicationLogLevel", ""),
            "AWS_LAMBDA_LOG_STREAM_NAME": self.log.name,
            "AWS_LAMBDA_RUNTIME_API": self.api.address,
            "AWS_REGION": function.region,
            "AWS_DEFAULT_REGION": function.region,
            "AWS_ACCESS_KEY_ID": role.access_key_id,
            "AWS_SECRET_ACCESS_KEY": role.secret_access_key,
            "AWS_SESSION_TOKEN": role.session_token,
            "AWS_ENDPOINT_URL": server_state.endpoint,
            "LAMBDA_TASK_ROOT": str(unpacked(function)),
            **function.environment_vars,
        }


class LogStream:
    """A container's stream in the function's log group, written with the function's role.

    Without the group nothing is kept: Lambda makes none for a role that may not make it.
    """

    def __init__(self, function: Function) -> None:
        today = datetime.datetime.now(datetime.UTC)
        self.name = f"{today:%Y/%m/%d}/[$LATEST]{uuid.uuid4().hex}"
        self.group = function.logging["LogGroup"]
        self._logs = server_state.client(
            "logs", function.role, function.region, "lambda.amazonaws.com", None
        )
        self._lock = threading.Lock()
        self._created = self._create()

    def _create(self) -> bool:
        try:
            self._logs.create_log_stream(logGroupName=self.group, logStreamName=self.name)
        except ClientError:
            return False
        return True

    def write(self, text: str) -> None:
        if not self._created:
            return
        with self._lock:
            now = int(time.time() * 1000)
            events = [{"timestamp": now, "message": line} for line in text.split("\n") if line]
            if events:
                self._logs.put_log_events(
                    logGroupName=self.group, logStreamName=self.name, logEvents=events
                )


_unpacking = threading.Lock()


def unpacked(function: Function) -> Path:
    """The folder with a function's code, one for each version of the code."""
    folder = server_state.folder / "functions" / function.code_digest.replace("/", "_")
    with _unpacking:
        if not folder.exists():
            partial = folder.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            with zipfile.ZipFile(io.BytesIO(function.code_bytes)) as code:
                code.extractall(partial)
            partial.rename(folder)
    return folder
