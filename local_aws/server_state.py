"""What all services share: clock, recorder, conditions, breakpoints, and clients of roles."""

from __future__ import annotations

import tempfile
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.config import Config
from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.sts.models import AssumedRole, sts_backends

from local_aws import sdk
from local_aws.authorization import Question
from local_aws.breakpoints import Breakpoints
from local_aws.clock import Clock, Task
from local_aws.conditions import Conditions
from local_aws.recorder import Recorder

PARTITION = "aws"
# The principal of every access key that does not belong to a role.
ADMINISTRATOR = f"arn:{PARTITION}:iam::{DEFAULT_ACCOUNT_ID}:user/administrator"


class ServerState:
    """The state of this server; `open` is called once, before the first request.

    Attributes:
        controls: the control API: functions by name, whose arguments and results are JSON values.
            `local_aws.client.LocalAws` has a method for each of them.
    """

    account_id = DEFAULT_ACCOUNT_ID

    def __init__(self) -> None:
        self.clock = Clock(1)
        self.recorder = Recorder()
        self.conditions = Conditions()
        self.breakpoints = Breakpoints()
        self.controls: dict[str, Callable[..., Any]] = {
            "ping": lambda: None,
            "requests": self.recorder.records,
            "credentials": self._credentials,
            "conditions": lambda **changes: self.conditions.change(changes),
            "conditions/reset": self.conditions.reset,
            # The clock is another one after `open`.
            "clock/sleep": lambda seconds: self.clock.sleep(seconds),
            "breakpoint": self.breakpoints.add,
            "breakpoint/wait": self.breakpoints.wait,
            "breakpoint/release": self.breakpoints.release,
        }
        self.endpoint = ""
        self.folder = Path()
        self._clients: dict[tuple[str | None, ...], Any] = {}
        self._lock = threading.RLock()

    def open(self, endpoint: str, clock: Clock, folder: Path | None = None) -> None:
        """Set the endpoint, the clock and the folder for files."""
        self.endpoint = endpoint
        self.clock = clock
        self.folder = folder or Path(tempfile.mkdtemp(prefix="local-aws-"))
        self.folder.mkdir(parents=True, exist_ok=True)

    def run(self, function: Callable[..., Any], *args: Any) -> Task:
        """Run ``function`` in the background; if it fails, its traceback is in the server's log."""

        def work() -> None:
            try:
                function(*args)
            except Exception:
                traceback.print_exc()

        return self.clock.run(work)

    def assume_role(
        self, role_arn: str, region: str, service: str, source_arn: str | None
    ) -> AssumedRole:
        """Assume a role as an AWS service does (AssumeRole, AWS STS API Reference).

        Args:
            service: that assumes it, e.g. ``codepipeline.amazonaws.com``.
            source_arn: the resource on whose behalf the service acts, if it says so.

        Raises:
            LookupError: if the role does not exist.
        """
        iam = iam_backends[self.account_id][PARTITION]
        if role_arn not in {role.arn for role in iam.roles.values()}:
            raise LookupError(f"role {role_arn} does not exist")
        question = Question("sts:AssumeRole", role_arn)
        self.recorder.record_service(service, question, source_arn, region)
        return sts_backends[self.account_id][PARTITION].assume_role(
            region_name=region,
            role_session_name="local-aws",
            role_arn=role_arn,
            policy="",
            duration=3600,
            external_id="",
        )

    def client(
        self, api: str, role_arn: str, region: str, service: str, source_arn: str | None
    ) -> Any:
        """A boto3 client of the service ``api`` with which an AWS service acts as a role.

        Its calls go over HTTP, and so are recorded. The other arguments are those of `assume_role`.
        """
        key = (api, role_arn, region, service, source_arn)
        with self._lock:
            if key not in self._clients:
                role = self.assume_role(role_arn, region, service, source_arn)
                self._clients[key] = sdk.client(
                    api,
                    region_name=region,
                    endpoint_url=self.endpoint,
                    aws_access_key_id=role.access_key_id,
                    aws_secret_access_key=role.secret_access_key,
                    aws_session_token=role.session_token,
                    config=Config(retries={"total_max_attempts": 1}),
                )
            return self._clients[key]

    def principal_of(self, access_key_id: str) -> str:
        """The ARN of the user, or role (not its session), that an access key belongs to."""
        keys = iam_backends[self.account_id][PARTITION].access_keys
        key = keys.get(access_key_id)
        return (key.role_arn if key else None) or ADMINISTRATOR

    def _credentials(self) -> list[dict[str, str]]:
        """All temporary credentials of roles that were ever issued."""
        return [
            {
                "role_arn": role.role_arn,
                "access_key_id": role.access_key_id,
                "secret_access_key": role.secret_access_key,
                "session_token": role.session_token,
            }
            for role in sts_backends[self.account_id][PARTITION].assumed_roles
        ]


server_state = ServerState()
