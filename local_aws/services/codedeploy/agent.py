"""The CodeDeploy agent on an instance, which downloads and installs revisions."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

from local_aws.server_state import PARTITION, server_state
from local_aws.services.codedeploy.appspec import BadRevision, Revision, read, unpack
from local_aws.services.disks import Disk, disk_of

# AWS CodeDeploy User Guide, "Working with the CodeDeploy agent", "Files installed by the agent".
ROOT = "/opt/codedeploy-agent/deployment-root"
INSTRUCTIONS = f"{ROOT}/deployment-instructions"


class EventFailed(Exception):
    """A lifecycle event failed.

    Attributes:
        code: the error code in Diagnostics (AWS CodeDeploy API Reference).
        script: the script that failed; empty if none did.
    """

    def __init__(self, code: str, message: str, script: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.script = script


class Agent:
    """The agent, for one deployment on one instance."""

    def __init__(self, instance_id: str, group_id: str, deployment_id: str, region: str) -> None:
        self.instance_id = instance_id
        self.group_id = group_id
        self.deployment_id = deployment_id
        self.region = region
        self.disk: Disk = disk_of(instance_id)
        self.revision: Revision | None = None

    @property
    def archive(self) -> str:
        return f"{ROOT}/{self.group_id}/{self.deployment_id}/deployment-archive"

    def download(self, location: dict[str, Any]) -> None:
        """DownloadBundle, with the role of the instance profile."""
        s3 = server_state.client("s3", self._role(), self.region, "ec2.amazonaws.com", None)
        version = {"VersionId": location["version"]} if location.get("version") else {}
        try:
            bundle = s3.get_object(Bucket=location["bucket"], Key=location["key"], **version)
        except ClientError as error:
            message = error.response["Error"]["Message"]
            raise EventFailed("UnknownError", f"{message} ({location['key']})") from None
        try:
            files = unpack(bundle["Body"].read())
            for path, data in files.items():
                self.disk.write(f"{self.archive}/{path}", data)
            self.revision = read(files)
        except BadRevision as error:
            raise EventFailed("UnknownError", str(error)) from None

    def stop_application(self) -> None:
        """ApplicationStop: run the scripts of the last successfully installed revision."""
        archive = self.disk.files.get(f"{INSTRUCTIONS}/{self.group_id}_last_successful_install")
        if archive:
            prefix = archive.decode() + "/"
            files = {
                path.removeprefix(prefix): data
                for path, data in self.disk.files.items()
                if path.startswith(prefix)
            }
            self._run("ApplicationStop", read(files))

    def run_scripts(self, event: str) -> None:
        assert self.revision
        self._run(event, self.revision)

    def install(self) -> None:
        """Install: remove the files of the last revision, then copy those of this one."""
        assert self.revision
        cleanup = f"{INSTRUCTIONS}/{self.group_id}-cleanup"
        for path in json.loads(self.disk.files.get(cleanup, b"[]")):
            self.disk.remove(path)
        existing = self.disk.files.keys()
        for source, destination in self.revision.copies:
            if destination in existing and self.revision.file_exists_behavior == "DISALLOW":
                raise EventFailed(
                    "UnknownError",
                    "The deployment failed because a specified file already exists at this "
                    f"location: {destination}",
                )
            if destination in existing and self.revision.file_exists_behavior == "RETAIN":
                continue
            self.disk.write(destination, self.revision.files[source])
        installed = [destination for _, destination in self.revision.copies]
        self.disk.write(cleanup, json.dumps(installed).encode())

    def remember(self) -> None:
        """Keep this deployment as the last successful one, for the next ApplicationStop."""
        path = f"{INSTRUCTIONS}/{self.group_id}_last_successful_install"
        self.disk.write(path, self.archive.encode())

    def _run(self, event: str, revision: Revision) -> None:
        missing = revision.missing_script(event)
        if missing:
            raise EventFailed(
                "ScriptMissing", f"Script does not exist at specified location: {missing}", missing
            )
        for failure in server_state.conditions.script_failures:
            hit = failure.get("instance_id") in (None, self.instance_id)
            if failure["lifecycle_event"] == event and hit and revision.scripts.get(event):
                script = revision.scripts[event][0]
                raise EventFailed(
                    "ScriptFailed",
                    f"Script at specified location: {script} failed with exit code 1",
                    script,
                )

    def _role(self) -> str:
        instance = ec2_backends[server_state.account_id][self.region].get_instance(self.instance_id)
        profile_arn = (instance.iam_instance_profile or {}).get("Arn", "")
        profiles = iam_backends[server_state.account_id][PARTITION].instance_profiles.values()
        for profile in profiles:
            if profile.arn == profile_arn and profile.roles:
                return str(profile.roles[0].arn)
        raise EventFailed(
            "UnknownError", "The agent has no credentials: the instance has no instance profile"
        )


def last_installed(instance_id: str) -> dict[str, str] | None:
    """The last successful deployment, and its group, according to an instance's disk."""
    for path, archive in disk_of(instance_id).files.items():
        if path.startswith(INSTRUCTIONS) and path.endswith("_last_successful_install"):
            group_id, deployment_id = archive.decode().removeprefix(f"{ROOT}/").split("/")[:2]
            return {"deployment_group_id": group_id, "deployment_id": deployment_id}
    return None
