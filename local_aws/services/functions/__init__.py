"""AWS Lambda: functions that run in processes with AWS's runtime client (awslambdaric)."""

from __future__ import annotations

import moto.awslambda.models as moto_models
import moto.awslambda.urls as moto_urls

from local_aws.server_state import server_state
from local_aws.services.functions import invocations
from local_aws.services.functions.models import Function
from local_aws.services.functions.responses import FunctionResponse


def install() -> None:
    moto_models.LambdaFunction = Function  # type: ignore[misc]
    for path in moto_urls.url_paths:
        moto_urls.url_paths[path] = FunctionResponse.dispatch
    server_state.controls["functions/kill"] = invocations.kill
    server_state.controls["functions/cold-starts"] = invocations.cold_starts
