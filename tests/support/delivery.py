"""What the tests of CodeCommit, CodeDeploy and CodePipeline need before they can begin."""

from __future__ import annotations

import io
import json
import os
import subprocess
import zipfile
from pathlib import Path
from typing import Any

from local_aws.client import LocalAws
from support import fleet
from support.fleet import client, unique

APPSPEC = """
version: 0.0
os: linux
files:
  - source: src
    destination: /srv/app
hooks:
  ApplicationStop:
    - location: scripts/stop.sh
  ApplicationStart:
    - location: scripts/start.sh
"""


def role(aws: LocalAws, *services: str) -> str:
    """The ARN of a new role that AWS services can assume."""
    statements = [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": f"{service}.amazonaws.com"},
        }
        for service in services
    ]
    created = client(aws, "iam").create_role(
        RoleName=unique("role"),
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
    )
    return str(created["Role"]["Arn"])


def bundle(version: str = "1", appspec: str | None = APPSPEC, **files: str) -> bytes:
    """A revision; further files by path with ``__`` for ``/`` and ``_dot_`` for ``.``."""
    content = {
        "src/VERSION": version,
        "scripts/stop.sh": "#!/bin/sh",
        "scripts/start.sh": "#!/bin/sh",
        **{path.replace("__", "/").replace("_dot_", "."): text for path, text in files.items()},
    }
    if appspec is not None:
        content["appspec.yml"] = appspec
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        for path, text in content.items():
            zipped.writestr(path, text)
    return archive.getvalue()


def bucket(aws: LocalAws) -> str:
    """A versioned bucket."""
    name = unique("bucket")
    client(aws, "s3").create_bucket(Bucket=name)
    client(aws, "s3").put_bucket_versioning(
        Bucket=name, VersioningConfiguration={"Status": "Enabled"}
    )
    return name


class Deployments:
    """A CodeDeploy application with one deployment group on an Auto Scaling group."""

    def __init__(self, aws: LocalAws, capacity: int = 1, **settings: Any) -> None:
        self.aws = aws
        self.codedeploy = client(aws, "codedeploy")
        template = fleet.template(aws, IamInstanceProfile={"Name": fleet.profile(aws)})
        self.group = fleet.group(
            aws,
            capacity,
            LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"},
        )
        self.name = unique("app")
        self.bucket = bucket(aws)
        self.role = role(aws, "codedeploy")
        self.codedeploy.create_application(applicationName=self.name, computePlatform="Server")
        self.codedeploy.create_deployment_group(
            applicationName=self.name,
            deploymentGroupName=self.name,
            serviceRoleArn=self.role,
            autoScalingGroups=[self.group],
            **{"deploymentConfigName": "CodeDeployDefault.AllAtOnce", **settings},
        )

    @property
    def names(self) -> dict[str, str]:
        return {"applicationName": self.name, "deploymentGroupName": self.name}

    def create(self, data: bytes) -> str:
        """Upload a revision and begin to deploy it."""
        stored = client(self.aws, "s3").put_object(Bucket=self.bucket, Key="r.zip", Body=data)
        location = {
            "bucket": self.bucket,
            "key": "r.zip",
            "bundleType": "zip",
            "version": stored["VersionId"],
        }
        created = self.codedeploy.create_deployment(
            **self.names, revision={"revisionType": "S3", "s3Location": location}
        )
        return str(created["deploymentId"])

    def info(self, deployment: str) -> dict[str, Any]:
        described: dict[str, Any] = self.codedeploy.get_deployment(deploymentId=deployment)[
            "deploymentInfo"
        ]
        return described

    def ended(self, deployment: str) -> dict[str, Any]:
        """The deployment, once it is over."""
        return fleet.eventually(
            lambda: self.info(deployment),
            lambda info: info["status"] in ("Succeeded", "Failed", "Stopped"),
        )

    def deploy(self, data: bytes) -> dict[str, Any]:
        return self.ended(self.create(data))

    def targets(self, deployment: str) -> dict[str, dict[str, Any]]:
        ids = self.codedeploy.list_deployment_targets(deploymentId=deployment)["targetIds"]
        found = self.codedeploy.batch_get_deployment_targets(
            deploymentId=deployment, targetIds=ids
        )["deploymentTargets"]
        return {target["instanceTarget"]["targetId"]: target["instanceTarget"] for target in found}

    def instances(self) -> list[str]:
        return sorted(
            member["InstanceId"] for member in fleet.members(self.aws, self.group, "InService")
        )

    def files(self, instance: str) -> dict[str, str]:
        return dict(self.aws.disk(instance).files)


class Repository:
    """A CodeCommit repository and a clone of it."""

    def __init__(self, aws: LocalAws, folder: Path) -> None:
        self.aws = aws
        self.name = unique("repository")
        self.metadata = client(aws, "codecommit").create_repository(repositoryName=self.name)[
            "repositoryMetadata"
        ]
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch", "main")

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
        done = subprocess.run(
            ["git", *identity, *arguments],
            cwd=self.folder,
            env={**os.environ, **self.aws.env},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def push(self, reference: str = "main", **files: str) -> str:
        """Commit files, by path with ``__`` for ``/`` and ``_dot_`` for ``.``, and push."""
        for path, text in files.items():
            file = self.folder / path.replace("__", "/").replace("_dot_", ".")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "A change")
        self.git("push", "--quiet", self.metadata["cloneUrlHttp"], f"HEAD:{reference}")
        return self.git("rev-parse", "HEAD")

    def push_revision(self, version: str = "1", appspec: str = APPSPEC) -> str:
        return self.push(
            src__VERSION=version,
            scripts__stop_dot_sh="#!/bin/sh",
            scripts__start_dot_sh="#!/bin/sh",
            appspec_dot_yml=appspec,
        )
