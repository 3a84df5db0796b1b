"""Amazon EC2 Auto Scaling: launches that take time and can fail, lifecycle hooks, Standby, warm
pools.

Auto Scaling acts with its service-linked role, which AWS manages. So it calls EC2 and Elastic Load
Balancing directly, unlike services that act with a role of the account.
"""

from __future__ import annotations

from moto.autoscaling import models, urls

from local_aws.services.autoscaling.backend import AutoScaling, instance_changed, launch_listeners
from local_aws.services.autoscaling.groups import Group
from local_aws.services.autoscaling.operations import AutoScalingOperations
from local_aws.services.ec2 import states

__all__ = ["install", "launch_listeners"]


def install() -> None:
    models.FakeAutoScalingGroup = Group  # type: ignore[misc]
    models.autoscaling_backends.backend = AutoScaling
    urls.url_paths["{0}/$"] = AutoScalingOperations.dispatch
    states.listeners.append(instance_changed)
