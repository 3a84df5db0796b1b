"""Every request, with the principal that made it."""

from __future__ import annotations

import datetime
import re
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model

from local_aws.authorization import Question, authorizations, of_a_service
from local_aws.call import Call

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/")
# Signing names (which are the prefixes of IAM actions) whose botocore service has another name.
BOTOCORE_NAMES = {"elasticloadbalancing": "elbv2", "monitoring": "cloudwatch"}
# Operations whose body is not recorded: CloudTrail does not record the contents of objects and
# events either (AWS CloudTrail User Guide, "Logging data events").
_WITH_CONTENTS = {"Invoke", "PutObject", "UploadPart"}


@dataclass(frozen=True)
class Record(Call):
    """A call, what IAM would be asked about it, and its response.

    Attributes:
        authorizations: see `local_aws.authorization`; ``None`` if they are not known.
        status: the response's HTTP status.
        time: of the response; ISO 8601, UTC.
    """

    authorizations: list[dict[str, Any]] | None
    status: int
    time: str


class Recorder:
    """All requests, in the order of their responses."""

    def __init__(self) -> None:
        self._records: list[Record] = []
        self._lock = threading.Lock()

    def answered(
        self, call: Call, status: int, authorizations: list[dict[str, Any]] | None
    ) -> None:
        time = datetime.datetime.now(datetime.UTC).isoformat()
        record = Record(**vars(call), authorizations=authorizations, status=status, time=time)
        with self._lock:
            self._records.append(record)

    def record(
        self,
        service: str,
        operation: str,
        principal: str,
        parameters: dict[str, Any],
        region: str = "us-east-1",
    ) -> None:
        """Record a successful call of an action without a public API, such as a git push."""
        call = Call(service, operation, principal, region, parameters)
        self.answered(call, 200, authorizations(call))

    def record_service(
        self, service: str, question: Question, source_arn: str | None, region: str
    ) -> None:
        """Record an action that an AWS service takes by itself.

        Args:
            service: e.g. ``events.amazonaws.com``.
            question: what the policy of the resource must allow.
            source_arn: the resource on whose behalf the service acts, if it says so.
        """
        prefix, operation = question.action.split(":")
        call = Call(prefix, operation, service, region, {"resource": question.resource})
        self.answered(call, 200, of_a_service(service, question, source_arn))

    def after(self, position: int) -> Sequence[Record]:
        """The records from a position, counted from 0, to the end."""
        with self._lock:
            return self._records[position:]

    def __len__(self) -> int:
        return len(self._records)

    def records(self, principal: str = "") -> list[dict[str, Any]]:
        """The records of principals whose ARN contains ``principal``, the oldest first."""
        with self._lock:
            return [asdict(record) for record in self._records if principal in record.principal]


def read_call(request: Request, body: bytes, principal_of: Any) -> Call | None:
    """The API call in a request; ``None`` if the request is not signed.

    Args:
        principal_of: a function from an access key ID to a principal's ARN.
    """
    credential = _CREDENTIAL.search(request.headers.get("Authorization", ""))
    if not credential:
        return None
    service = credential["service"]
    model = get_service_model(BOTOCORE_NAMES.get(service, service))
    target = request.headers.get("X-Amz-Target", "")
    path_parameters: Any = {}
    if target:
        operation = target.rpartition(".")[2]
    elif "Action" in request.values:
        operation = request.values["Action"]
    else:
        matched, path_parameters = get_service_router(model.service_name).match(request)
        operation = matched.name
    parameters: dict[str, Any] = {}
    if operation not in _WITH_CONTENTS:
        protocol = determine_request_protocol(model, request.content_type)
        parser = PROTOCOL_PARSERS[protocol](model.operation_model(operation), map_type=dict)
        parameters = parser.parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": body,
                "url_path": request.path,
                "url_params": path_parameters,
            }
        )
    else:
        parameters = dict(path_parameters)
    return Call(
        service=service,
        operation=operation,
        principal=principal_of(credential["key"]),
        region=credential["region"],
        parameters=parameters,
    )
