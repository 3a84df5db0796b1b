"""The CodeDeploy deploy action (AWS CodePipeline User Guide, "AWS CodeDeploy action reference")."""

from __future__ import annotations

from typing import Any

from local_aws.server_state import server_state
from local_aws.services.codepipeline.executions import ActionFailed

POLL_SECONDS = 10


def codedeploy(action: Any) -> None:
    """Deploy the input artifact, and wait until the deployment has ended."""
    application = action.configuration["ApplicationName"]
    group = action.configuration["DeploymentGroupName"]
    artifact = action.input()
    location = {
        "bucket": artifact.bucket,
        "key": artifact.key,
        "bundleType": "zip",
        "eTag": artifact.etag,
    }
    if artifact.version:
        location["version"] = artifact.version
    revision = {"revisionType": "S3", "s3Location": location}
    client = action.client("codedeploy")
    client.register_application_revision(applicationName=application, revision=revision)
    deployment = client.create_deployment(
        applicationName=application, deploymentGroupName=group, revision=revision
    )["deploymentId"]
    action.run.change(
        external_id=deployment,
        url=f"https://console.aws.amazon.com/codedeploy/home?region={action.region}#/deployments/"
        f"{deployment}",
    )
    while not action.execution.stopping.is_set():
        info = client.get_deployment(deploymentId=deployment)["deploymentInfo"]
        if info["status"] == "Succeeded":
            action.run.change(summary="Deployment Succeeded")
            return
        if info["status"] in ("Failed", "Stopped"):
            error = info.get("errorInformation", {})
            raise ActionFailed(
                "JobFailed",
                f"Deployment {deployment} {info['status'].lower()}: "
                f"{error.get('message', 'no reason given')}",
            )
        server_state.clock.sleep(POLL_SECONDS)
