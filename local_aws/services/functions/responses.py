"""Operations of the Lambda API; those not defined here are moto's."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from moto.awslambda.responses import LambdaResponse

from local_aws.refusal import Refusal
from local_aws.server_state import server_state
from local_aws.services.functions import invocations
from local_aws.services.functions.models import Function


class FunctionResponse(LambdaResponse):
    """Invoke (AWS Lambda API Reference), and the operations that end warm execution
    environments."""

    def invoke(self) -> tuple[int, dict[str, Any], str | bytes]:
        name = unquote(self.path.rsplit("/", 2)[-2])
        if self._get_param("Qualifier", "$LATEST") != "$LATEST":
            raise Refusal("versions and aliases of Lambda functions")
        function = self.backend.get_function(name)
        assert isinstance(function, Function)
        payload = self.body.encode() if isinstance(self.body, str) else self.body
        kind = self.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        if kind == "DryRun":
            return 204, {"status": 204}, ""
        if kind == "Event":
            server_state.run(
                invocations.deliver, self.region, function.function_name, payload or b"{}"
            )
            return 202, {"status": 202}, ""
        result = invocations.run(function, payload or b"{}")
        headers: dict[str, Any] = {"status": 200, "X-Amz-Executed-Version": "$LATEST"}
        if result.error:
            headers["X-Amz-Function-Error"] = result.error
        return 200, headers, result.payload

    def update_function_code(self) -> Any:
        return self._changed(super().update_function_code())

    def update_function_configuration(self) -> Any:
        return self._changed(super().update_function_configuration())

    def delete_function(self) -> Any:
        answer = super().delete_function()
        invocations.discard(unquote(self.path.rsplit("/", 1)[-1]))
        return answer

    def put_function_event_invoke_config(self) -> Any:
        """PutFunctionEventInvokeConfig: replaces the configuration; moto would keep the first."""
        name = unquote(self.path.rsplit("/", 2)[-2])
        self.backend.get_function(name).event_invoke_config.clear()
        return super().put_function_event_invoke_config()

    def _changed(self, answer: Any) -> Any:
        invocations.discard(unquote(self.path.rsplit("/", 2)[-2]))
        return answer
