"""What all services of the local AWS share: clock, recorder, conditions, and acting as a role."""

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
from local_aws.clock import Clock
from local_aws.conditions import Conditions
from local_aws.recorder import Recorder

PARTITION = "aws"
# Any access key that no role session holds belongs to the account's administrator.
ADMINISTRATOR = f"arn:{PARTITION}:iam::{DEFAULT_ACCOUNT_ID}:user/administrator"


class ServerState:
    """One per server process; ``open`` is called once, before the first request.

    Attributes:
        doors: what tests can ask for beside AWS's own APIs: a function from a JSON object to a JSON
            value, by name (see `local_aws.client.LocalAws.ask`).
    """

    account_id = DEFAULT_ACCOUNT_ID

    def __init__(self) -> None:
        self.clock = Clock(1)
        self.recorder = Recorder()
        self.conditions = Conditions()
        self.breakpoints = Breakpoints()
        self.doors: dict[str, Callable[[dict[str, Any]], Any]] = {
            "requests": lambda wish: self.recorder.records(**wish),
            "credentials": lambda _: self._credentials(),
            "conditions": self._change_conditions,
            "clock/sleep": lambda wish: self.clock.sleep(**wish),
            "breakpoint": lambda wish: self.breakpoints.add(**wish),
            "breakpoint/wait": lambda wish: self.breakpoints.wait(**wish),
            "breakpoint/release": lambda wish: self.breakpoints.release(**wish),
        }
        self.endpoint = ""
        self.folder = Path()
        self._clients: dict[tuple[str | None, ...], Any] = {}
        self._lock = threading.RLock()

    def open(self, endpoint: str, speed: float, folder: Path | None = None) -> None:
        """Set where the server listens, how fast its clock runs and where it keeps its files."""
        self.endpoint = endpoint
        self.clock = Clock(speed)
        self.folder = folder or Path(tempfile.mkdtemp(prefix="local-aws-"))
        self.folder.mkdir(parents=True, exist_ok=True)

    def run(self, function: Callable[..., Any], *args: Any) -> threading.Thread:
        """Run ``function`` in the background; a traceback goes to the server's log."""

        def work() -> None:
            try:
                function(*args)
            except Exception:
                traceback.print_exc()

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread

    def assume_role(
        self, role_arn: str, region: str, service: str, source_arn: str | None
    ) -> AssumedRole:
        """Temporary credentials of a role, as AWS's services get them (AssumeRole, AWS STS).

        Args:
            service: who takes it, e.g. ``codepipeline.amazonaws.com``.
            source_arn: the resource on whose behalf, where the service says so.

        Raises:
            LookupError: when there is no such role.
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
        """A boto3 client of ``api`` that acts as ``role_arn`` over HTTP, so that its calls are
        recorded; ``service`` and ``source_arn`` as in `assume_role`."""
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
        """The ARN of the role (not of its session) or user that an access key belongs to."""
        keys = iam_backends[self.account_id][PARTITION].access_keys
        key = keys.get(access_key_id)
        return (key.role_arn if key else None) or ADMINISTRATOR

    def _credentials(self) -> list[dict[str, str]]:
        """All credentials of roles that were ever given out."""
        return [
            {
                "role_arn": role.role_arn,
                "access_key_id": role.access_key_id,
                "secret_access_key": role.secret_access_key,
                "session_token": role.session_token,
            }
            for role in sts_backends[self.account_id][PARTITION].assumed_roles
        ]

    def _change_conditions(self, wish: dict[str, Any]) -> dict[str, Any]:
        self.conditions.change(wish)
        return {name: str(value) for name, value in vars(self.conditions).items()}


server_state = ServerState()
