"""AWS's error codes and what they mean for a bake."""

from __future__ import annotations

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as AwsConnectionError

# The request never arrived, or its answer did not.
NETWORK_ERRORS = (AwsConnectionError, HTTPClientError)

# The same request succeeds later ("Error codes for the Amazon EC2 API"; "Retry behavior" in the AWS
# SDKs and Tools Reference Guide for the throttling codes of all services).
TRANSIENT = {
    "BandwidthLimitExceeded",
    "ConcurrentCreateImageNoRebootLimitExceeded",
    "ConcurrentModificationException",
    "ConcurrentSnapshotLimitExceeded",
    "ConcurrentTagAccess",
    "EC2ThrottledException",
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "PendingSnapshotLimitExceeded",
    "PriorRequestNotComplete",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "ResourceContention",
    "RetryableError",
    "ScalingActivityInProgress",
    "ServerInternal",
    "ServiceUnavailable",
    "SlowDown",
    "SnapshotCreationPerVolumeRateExceeded",
    "Throttling",
    "ThrottledException",
    "ThrottlingException",
    "TooManyRequestsException",
    "Unavailable",
}
# Said of what was just made and is not visible yet, or is on its way to another state.
NOT_YET_VISIBLE = {
    "DeploymentDoesNotExistException",
    "IncorrectInstanceState",
    "IncorrectState",
    "InvalidAMIID.NotFound",
    "InvalidAMIID.Unavailable",
    "InvalidInstanceID.NotFound",
    "InvalidLaunchTemplateId.VersionNotFound",
    "InvalidSnapshot.NotFound",
    "InvalidState",
    "InvocationDoesNotExist",
    "PipelineExecutionNotFoundException",
}
DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
# The job is over: it timed out, was stopped or has its answer (AWS CodePipeline API Reference).
JOB_OVER = {"InvalidJobStateException", "JobNotFoundException"}

IMAGE_NAME_TAKEN = {"InvalidAMIName.Duplicate"}
# The image does not exist (any more), or not in a state in which it can be used.
NO_SUCH_IMAGE = {"InvalidAMIID.Malformed", "InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"}
NO_SUCH_SNAPSHOT = {"InvalidSnapshot.NotFound"}
NO_SUCH_LAUNCH_TEMPLATE = {"InvalidLaunchTemplateId.Malformed", "InvalidLaunchTemplateId.NotFound"}
# Of DeleteLaunchTemplateVersions, which reports it for each version.
NO_SUCH_VERSION = {"launchTemplateVersionDoesNotExist"}
# Of EnterStandby and ExitStandby: not in the instance's state, or in a group of this size.
STANDBY_REFUSED = {"ResourceContention", "ValidationError"}
# Of SendCommand: Systems Manager does not know the instance, or it does not run.
NOT_REACHABLE = {"InvalidInstanceId"}


def code_of(error: ClientError) -> str:
    """Empty if the answer has none: botocore then leaves out ``Error`` or ``Code``."""
    return error.response.get("Error", {}).get("Code", "")


def is_transient(error: ClientError) -> bool:
    """Whether the same request succeeds later."""
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return code_of(error) in TRANSIENT or status >= 500
