"""Limits of AWS's APIs, and the function's own."""

from __future__ import annotations

from dataclasses import dataclass

# PutJobSuccessResult and PutJobFailureResult (AWS CodePipeline API Reference). Characters.
SUMMARY_LENGTH = 2048
FAILURE_MESSAGE_LENGTH = 5000

# Amazon EC2 API Reference: CreateImage, CreateLaunchTemplateVersion. Characters.
IMAGE_DESCRIPTION_LENGTH = 255
VERSION_DESCRIPTION_LENGTH = 255
# AWS Systems Manager API Reference: SendCommand. Characters.
COMMAND_COMMENT_LENGTH = 100

# What one request takes, and what one page of an answer holds at most.
BATCH_GET_DEPLOYMENTS = 25
DESCRIBE_IMAGE_REFERENCES = 10
FILTER_VALUES = 200
LAUNCH_TEMPLATE_VERSIONS_DELETED = 200
EC2_PAGE = 1000
LAUNCH_TEMPLATE_VERSIONS_PAGE = 200
AUTO_SCALING_GROUPS_PAGE = 100
# The versions of each launch template in which DescribeImageReferences looks for images.
VERSIONS_SEARCHED = 10_000

# How many invocations in a row look for what is not visible, before that is taken as the truth.
MAX_VISIBILITY_CHECKS = 3
# What is kept of the function's time for the answer, and the wait before giving it again. Seconds.
TIME_TO_ANSWER = 10
ANSWER_AGAIN_AFTER = 1.0
# How often an undo begins again when others change the launch template.
UNDO_ATTEMPTS = 3
# How many items a text lists.
REASONS_LISTED = 20
REMOVALS_LISTED = 5


@dataclass(frozen=True)
class RemovalLimits:
    """What one bake removes at most; the rest goes with the next ones."""

    images: int = 20
    snapshots: int = 20
    versions: int = LAUNCH_TEMPLATE_VERSIONS_DELETED
