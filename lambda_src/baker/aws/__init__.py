"""AWS's APIs as the baker uses them; nothing else calls boto3.

One module for each noun of AWS. A method pages through all of its operation's answer and returns
the project's own types (`baker.model`): AWS's raw structures stay here.
"""

from __future__ import annotations

from baker.aws.clients import Clients
from baker.aws.commands import Commands
from baker.aws.deployments import Deployments
from baker.aws.groups import Groups
from baker.aws.images import Images
from baker.aws.instances import Instances
from baker.aws.launch_templates import LaunchTemplates
from baker.aws.pipelines import Pipelines
from baker.aws.snapshots import Snapshots


class Aws:
    """One region of one account, kept by a warm function."""

    def __init__(self, clients: Clients | None = None) -> None:
        self.clients = clients or Clients()
        self.commands = Commands(self.clients)
        self.deployments = Deployments(self.clients)
        self.groups = Groups(self.clients)
        self.images = Images(self.clients)
        self.instances = Instances(self.clients)
        self.launch_templates = LaunchTemplates(self.clients)
        self.pipelines = Pipelines(self.clients)
        self.snapshots = Snapshots(self.clients)
