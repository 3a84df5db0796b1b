"""A deployed service on the local AWS."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import service
from local_aws.client import LocalAws
from service import eventually
from support.stack import REPOSITORY

__all__ = ["Service", "eventually"]
SAMPLE = REPOSITORY / "examples" / "application"


class Service(service.Service):
    """The driver of a service, with the local AWS that it runs on.

    Args:
        names: the root module's outputs.
        folder: for a working copy of the application.
    """

    def __init__(self, aws: LocalAws, names: Mapping[str, Any], folder: Path) -> None:
        remote = names.get("repository_clone_url") or ""
        application = service.Application(SAMPLE, folder, {**os.environ, **aws.env}, remote)
        # Tests mostly wait, several at once, and each look takes 5 ms of CPU time.
        super().__init__(aws.client, names, application, poll_seconds=0.25)
        self.aws = aws
