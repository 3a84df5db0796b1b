"""Messages about the function's settings, its action, and the answer to CodePipeline."""

from __future__ import annotations

from baker.errors import ConfigurationError
from baker.messages.kinds import Failure, Message

NO_SUCH_VARIABLE = Failure(
    "The function has no environment variable {variable}.",
    cause="The function was changed by hand, or belongs to another version of the module.",
    remedy="Apply the baker module.",
    error_type=ConfigurationError,
)
INVALID_VARIABLE = Failure(
    "The function's environment variable {variable} must be {expected}; it is {value!r}.",
    cause="The function's environment was changed by hand.",
    remedy="Apply the baker module.",
    error_type=ConfigurationError,
)
NO_CONFIGURATION = Failure(
    "The job has no action configuration.",
    cause="The job comes from an action whose type this version of the function does not know.",
    remedy="Use an invoke action of the provider Lambda, as the pipeline module does.",
    error_type=ConfigurationError,
)
INVALID_USER_PARAMETERS = Failure(
    "The action's UserParameters must be a JSON object such as {example}; they are {value!r}.",
    cause="The pipeline's action was changed by hand or is your own.",
    remedy="Correct the action's UserParameters.",
    error_type=ConfigurationError,
)
UNKNOWN_USER_PARAMETERS = Failure(
    "The action's UserParameters have unknown keys: {keys}. Known keys are execution and revision.",
    cause="The pipeline's action was changed by hand or is your own.",
    remedy="Remove the unknown keys.",
    error_type=ConfigurationError,
)
INVALID_USER_PARAMETER = Failure(
    "{key} in the action's UserParameters is {value!r}, which is not a valid {key}.",
    cause="The source action has no namespace, or the parameter is not one of its variables.",
    remedy="Set UserParameters to {example} and the source action's namespace to SourceVariables.",
    error_type=ConfigurationError,
)
RETRYING = Message(
    "Retrying: AWS is throttling or unavailable: {reason}",
    cause="AWS throttled a request, answered with a server error, or did not answer in time. "
    "CodePipeline invokes the function again, for up to a day.",
)
STEP_TOO_SLOW = Message(
    "Retrying: the step took more than {seconds:.0f} seconds",
    cause="Requests took so long that the function's time was nearly over.",
)
NOT_YET_VISIBLE = Message(
    "Not visible yet, checking again: {reason}",
    cause="AWS does not show yet what was just made; it is checked a few times.",
)
PERMISSION_MISSING = Message(
    "The function's role lacks a permission: {reason}",
    cause="A policy of the role, its permissions boundary or a policy of the organisation denies "
    "the request.",
    remedy="Grant what the text names, or remove what denies it, then retry the stage.",
)
REQUEST_REFUSED = Message(
    "AWS refused a request of the bake: {reason}.",
    cause="A request is not possible, for example because of a quota or a resource's state.",
    remedy="Fix the cause, then retry the stage.",
)
UNEXPECTED_ERROR = Message(
    "Unexpected error: {reason}; see the function's log.",
    cause="The function met something that it does not handle.",
    remedy="Retry the stage; if it happens again, report it with the log.",
)
ANSWER_REFUSED = Message(
    "CodePipeline refused the answer {answer}: {reason}",
    cause="CodePipeline does not accept a successful result of this form.",
    remedy="Report it with the function's log.",
)
UNKNOWN_EVENT = Message(
    "The event has the keys {keys}. The function accepts a job of a pipeline's invoke action "
    '(CodePipeline.job), {{"undo": {{}}}} and {{"return_to_service": {{}}}}.',
    cause="The function was invoked with an event that it does not know.",
    remedy="Invoke it with one of these.",
)
