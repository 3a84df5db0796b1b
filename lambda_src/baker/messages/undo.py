"""Messages of an undo."""

from __future__ import annotations

from baker.errors import ConfigurationError
from baker.messages.kinds import Failure, Message

INVALID_REQUEST = Failure(
    'undo must be an object with the keys "image" and "bad", or one of them, or none: '
    '{{"undo": {{}}}} puts the previous image back. It {got}.',
    cause="The event has another form.",
    error_type=ConfigurationError,
)
INVALID_IMAGE_ID = Failure(
    "{key} must be the id of an image; it is {value!r}.",
    cause="The event names something else.",
    error_type=ConfigurationError,
)
OTHER_IMAGE_LAUNCHED = Failure(
    "{launch_template} launches {image}, not {bad}: nothing was changed.",
    cause="The image that was to be taken away is not launched, for example because the undo was "
    "done already.",
)
LAUNCHED_ALREADY = Failure(
    "{launch_template} launches {image} already.",
    cause="The image that was asked for is the current one.",
)
NO_EARLIER_IMAGE = Failure(
    "{launch_template} has no version before {image} with an image of pipeline {pipeline} that is "
    "available and was not undone: there is nothing to put back.",
    cause="There is no earlier image, or retention removed it.",
)
NOT_OF_PIPELINE = Failure(
    "{image} is not an image of pipeline {pipeline} in this account: only such an image can be put "
    "back.",
    cause="The image has another pipeline's tag, or none, or is another account's.",
)
NOT_AVAILABLE = Failure(
    "{image} is {state}: it cannot be launched.",
    cause="The image that was asked for is not available.",
    remedy="Choose another one.",
)
LAUNCH_TEMPLATE_BUSY = Failure(
    "{launch_template} is being changed by others; nothing was put back.",
    cause="Each time the version was to be made, somebody else made one.",
    remedy="Try again.",
)
DONE = Message(
    "Image {image} is version {version} of {launch_template}. Instances launched from now on start "
    "from it; running ones stay as they are. CodeDeploy still installs the last successful "
    "revision on every new instance: deploy the earlier revision to go back to that as well.",
    cause="The undo is done.",
)
