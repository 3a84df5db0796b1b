"""Messages of retention, which removes what is not kept."""

from __future__ import annotations

from baker.messages.kinds import Failure, Message

REMOVED = Message(
    "Removed {counted}{listed}.",
    cause="Older images went, with their snapshots and launch template versions.",
)
WOULD_REMOVE = Message(
    "Would remove (dry run) {counted}{listed}.",
    cause="retention.dry_run is true: nothing was removed.",
)
RETAINED = Message(
    "Retained (in use): {listed}.",
    cause="An image is old enough to go, but something uses it, shares it or protects it.",
)
SKIPPED = Message(
    "Cleanup skipped: {problem}.",
    cause="Something could not be read or removed. The bake succeeded; the next one tries again.",
)
TOO_SLOW = Message(
    "the function's time was nearly over",
    cause="There is so much to look at that the function's time was nearly over.",
)
IMAGE_NOT_REMOVED = Message(
    "image {image} was not removed: {reason}",
    cause="EC2 refused to deregister it, or something uses it.",
)
SNAPSHOT_NOT_REMOVED = Message(
    "snapshot {snapshot} was not removed: {reason}",
    cause="EC2 refused to delete it.",
)
VERSION_NOT_REMOVED = Message(
    "launch template version {version} was not removed: {reason}",
    cause="EC2 refused to delete it.",
)
IMAGE_NOT_LISTED = Failure(
    "image {image} is missing in the list of images",
    cause="EC2's list is not up to date, so nothing is removed.",
)
FOREIGN_IMAGE_LISTED = Failure(
    "the list of images contains images of another account",
    cause="EC2 listed images that are not the account's, so nothing is removed.",
)
VERSION_NOT_LISTED = Failure(
    "version {version} is missing in the list of launch template versions",
    cause="EC2's list is not up to date, so nothing is removed.",
)
GROUP_NOT_LISTED = Failure(
    "{group} is missing in the list of Auto Scaling groups",
    cause="The list is not complete, so nothing is removed.",
)
IMAGES_LEFT = Failure(
    "{report}",
    cause="terraform destroy was to remove the images, and something uses one.",
    remedy="Remove what uses them, or set delete_images_on_destroy to false and apply; then "
    "destroy again.",
)
NO_IMAGE_REMOVED = Message(
    "No image was removed.",
    cause="terraform apply, or a destroy with delete_images_on_destroy = false.",
)
NO_IMAGE_LEFT = Message(
    "There was no image to remove.",
    cause="terraform destroy with delete_images_on_destroy = true, and no image exists.",
)

# Why an image stays

USED_BY_GROUP = Message("Auto Scaling group {group} uses it", cause="The group names the image.")
USED_BY_VERSION = Message(
    "launch template version {version} is in use",
    cause="It is $Default, $Latest, or a version that a group names by number.",
)
USED_BY_INSTANCE = Message(
    "instance {instance} was launched from it",
    cause="An instance, running or stopped or in a warm pool, was launched from the image.",
)
USED_BY_RESOURCE = Message(
    "{arn} uses it",
    cause="A launch template, parameter or recipe refers to the image.",
)
UNDONE = Message("an undo has {what} it", cause="An undo put the image back or took it away.")
BEING_MADE = Message("it is being made", cause="The image is pending.")
PUBLIC = Message("it is public", cause="The image is shared with everybody.")
SHARED = Message("it is shared", cause="The image is shared with other accounts.")
PROTECTED = Message("it is protected from deregistration", cause="Deregistration protection is on.")
LAUNCHED = Message("new instances launch from it", cause="It was just promoted.")
