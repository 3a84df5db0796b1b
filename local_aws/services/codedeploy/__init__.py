"""AWS CodeDeploy: deployments that install revisions on the disks of instances.

Hook scripts must be in the revision, but are not run, as they would change this machine. Whether
they fail is a condition (`local_aws.conditions.ScriptFailure`).
"""

from __future__ import annotations

from moto.codedeploy import models, urls

from local_aws.server_state import server_state
from local_aws.services import autoscaling
from local_aws.services.codedeploy import agent, launches
from local_aws.services.codedeploy.groups import CodeDeploy
from local_aws.services.codedeploy.operations import CodeDeployOperations


def install() -> None:
    models.codedeploy_backends.backend = CodeDeploy
    urls.url_paths["{0}/$"] = CodeDeployOperations.dispatch
    autoscaling.launch_listeners.append(launches.instance_waits)
    server_state.controls["codedeploy/installed"] = agent.last_installed
