"""Messages of the steps of a bake."""

from __future__ import annotations

from baker.errors import BakeError, ConfigurationError, NotYetVisible
from baker.messages.kinds import Failure, Message

# The execution and its deployment

NOT_IN_PROGRESS = Failure(
    "Execution {execution} has no Lambda action in progress in pipeline {pipeline}; event ignored.",
    cause="An event arrived late or twice, or the function was invoked by another pipeline.",
    remedy="If the pipeline waits for this function, correct pipeline_name of the baker module.",
    error_type=NotYetVisible,
)
NO_DEPLOYMENT = Failure(
    "Execution {execution} of pipeline {pipeline} has no successful CodeDeploy action for "
    "deployment group {group} of application {application}.",
    cause="The Deploy stage deploys to another group, or comes after the bake.",
    remedy="Deploy to this group in a stage before the bake.",
    error_type=NotYetVisible,
)
DEPLOYMENT_NOT_VISIBLE = Failure(
    "Deployment {deployment} of execution {execution} is not visible.",
    cause="CodeDeploy does not show the deployment that CodePipeline names.",
    remedy="Retry the stage.",
    error_type=NotYetVisible,
)
SUPERSEDED = Message(
    "Superseded by {by}",
    cause="A newer deployment or image exists; the newer execution bakes.",
)
SUPERSEDED_AND_DEREGISTERED = Message(
    "Superseded by {by}; image {image} was deregistered{left}",
    cause="A newer deployment began before the image's snapshots were taken, or a newer image was "
    "promoted meanwhile; the newer execution bakes.",
)
SNAPSHOTS_LEFT = Message(
    ", but these snapshots were not deleted: {snapshots}",
    cause="EC2 deregistered the image and did not delete all of its snapshots; the next bake "
    "deletes them.",
)

# The source instance

NO_SUCH_GROUP = Failure(
    "Auto Scaling group {group} does not exist.",
    cause="The group was deleted, or the setting names another one.",
    remedy="Correct auto_scaling_group_name of the baker module.",
    error_type=ConfigurationError,
)
GROUP_LAUNCHES_OTHER = Failure(
    "Auto Scaling group {group} launches {launches}, so a new image in {launch_template} would "
    "never be used.",
    cause="The group names another launch template or a fixed version.",
    remedy="Set the group to version $Latest of {launch_template}.",
    error_type=ConfigurationError,
)
NO_SUCH_LAUNCH_TEMPLATE = Failure(
    "Launch template {launch_template} does not exist.",
    cause="The launch template was deleted, or the setting names another one.",
    remedy="Correct launch_template_id of the baker module.",
    error_type=ConfigurationError,
)
NO_SOURCE = Failure(
    "No instance of Auto Scaling group {group} can be imaged: {reasons}. An instance must be "
    "InService, Healthy and a Succeeded target of deployment {deployment}.",
    cause="Every instance is out of service, unhealthy or was not updated by the deployment.",
    remedy="Retry the stage when an instance fits.",
    error_type=NotYetVisible,
)
OTHER_ARCHITECTURE = Failure(
    "Instance {instance} is {architecture}, but launch template {launch_template} launches "
    "{other}, which cannot run an image of it.",
    cause="The instance type was changed to another architecture, and running instances were not "
    "replaced.",
    remedy="Replace the instances that were launched before the change (an instance refresh does), "
    "then start the pipeline again.",
    error_type=ConfigurationError,
)

# Capture live

FLUSHING = Message(
    "Flushing the file systems of instance {instance}",
    cause="Run Command writes what was deployed to the volumes before the image is made.",
)
NOT_REACHABLE = Failure(
    "Systems Manager cannot reach instance {instance} to flush its file systems before the image "
    "is made.",
    cause="The SSM Agent does not run, its role does not allow it, or it has no network.",
    remedy="Check the SSM Agent, the instance's role and its network; then retry the stage.",
)
FLUSH_FAILED = Failure(
    "The file systems of instance {instance} could not be flushed: Run Command {command} ended "
    "{status}. {error}",
    cause="The command failed on the instance or did not reach it in time.",
    remedy="Retry the stage when the command can run there.",
)

# Capture in Standby

LEAVING_SERVICE = Message(
    "Instance {instance} leaves service for Standby",
    cause="The instance is to be imaged with a reboot.",
)
LEAVING_STATE = Message(
    "Instance {instance} is {state}",
    cause="The instance is on its way to Standby.",
)
STARTING = Message(
    "Instance {instance} is starting",
    cause="The instance in Standby does not run yet.",
)
STILL_LEAVING = Message(
    "Instance {instance} is still leaving service; it returns afterwards",
    cause="The instance is to return to service and has not arrived in Standby.",
)
STARTING_BEFORE_RETURN = Message(
    "Instance {instance} is starting; then it returns to service",
    cause="An instance that EC2 rebooted returns once it runs.",
)
CANNOT_RETURN_YET = Message(
    "Instance {instance} cannot return to service yet: {reason}",
    cause="Amazon EC2 Auto Scaling refused ExitStandby for now; it is tried again.",
)
CANNOT_SPARE = Failure(
    "Auto Scaling group {group} cannot spare an instance for Standby: it has {serving} in service, "
    "its desired capacity is {desired} and its minimum is {minimum}; two must be in service and "
    "the desired capacity must be above the minimum. Nothing was changed.",
    cause="The group needs every instance that it has.",
    remedy="Raise the desired capacity or lower the minimum and retry the stage, or set capture to "
    "live.",
    error_type=ConfigurationError,
)
CANNOT_SPARE_YET = Failure(
    CANNOT_SPARE.text,
    cause="Instances may be on their way into service; it is checked a few times.",
    remedy=CANNOT_SPARE.remedy,
    error_type=NotYetVisible,
)
LAUNCH_SUSPENDED = Failure(
    "The process Launch of Auto Scaling group {group} is suspended, so an instance could not "
    "return from Standby. Nothing was changed.",
    cause="Somebody suspended the process.",
    remedy="Resume it and retry the stage, or set capture to live.",
    error_type=ConfigurationError,
)

# The image

CREATING_IMAGE = Message("Making image {image} of {instance}", cause="EC2 makes the image.")
IMAGE_NAME_RESERVED = Message(
    "Image name {name} is still reserved; retrying",
    cause="Another invocation made the image, or EC2 has not released the name of an image that "
    "was deregistered.",
)
FOREIGN_IMAGE = Failure(
    "Image {image} has the name {name} but not the tags of execution {execution}: it was not made "
    "by this pipeline.",
    cause="Somebody else made an image with the name that this execution's image needs.",
    remedy="Rename or deregister it, then retry the stage.",
)
IMAGE_NOT_VISIBLE = Failure(
    "Image {image}, which this execution made, is not visible.",
    cause="EC2 does not show the image yet, or somebody deregistered it.",
    remedy="If it was deregistered, retry the stage to make another one.",
    error_type=NotYetVisible,
)
IMAGE_PENDING = Message("Image {image} is pending", cause="EC2 takes the snapshots.")
IMAGE_UNUSABLE = Failure(
    "Image {image} became {state}: {reason}. It was deregistered{left}.",
    cause="EC2 could not make the image.",
    remedy="Retry the stage to make another one.",
    error_type=BakeError,
)
NO_SNAPSHOTS = Failure(
    "Image {image} has no snapshots: only instances with a root volume on EBS can be baked.",
    cause="The instance was launched from an image that is backed by instance store.",
    remedy="Start the group with an EBS-backed image.",
)

# The promotion

VOLUME_TOO_SMALL = Failure(
    "Image {image} has {size} GiB on {device}, but launch template {launch_template} asks for "
    "{wanted} GiB, with which nothing can be launched.",
    cause="The volume in the launch template was made smaller than the image's.",
    remedy="Set the volume in the launch template to {size} GiB or more, then retry the stage.",
    error_type=ConfigurationError,
)
LAUNCH_TEMPLATE_CHANGED = Message(
    "{launch_template} was changed while image {image} was put into it; retrying on top of that",
    cause="Somebody else made a version at the same moment.",
)
PROMOTED = Message(
    "Image {image} is version {version} of {launch_template}",
    cause="The bake is done: new instances launch from the image.",
)
