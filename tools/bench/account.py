"""A service on the local AWS with as many images and versions as a measurement wants."""

from __future__ import annotations

import copy
import datetime
import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.ec2.models import ec2_backends
from moto.ec2.utils import random_ami_id, random_snapshot_id
from werkzeug.serving import make_server

from baker.model.image import EXECUTION_TAG
from local_aws.client import REGION, LocalAws
from local_aws.server import build
from local_aws.server_state import server_state
from local_aws.serving import Handler
from support.bakes.service import Service
from toolchain import ROOT

_START = datetime.datetime(2026, 1, 1)


@contextmanager
def over_http(service: Service) -> Iterator[LocalAws]:
    """The account of this process, for others to reach."""
    server = make_server("127.0.0.1", 0, build(), threaded=True, request_handler=Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield LocalAws(f"http://127.0.0.1:{server.port}", service.aws.folder)
    finally:
        server.shutdown()


def in_a_process(aws: LocalAws, **task: Any) -> dict[str, float]:
    """Run a task of `bench.function`."""
    path = os.pathsep.join(str(ROOT / folder) for folder in ("lambda_src", "tools"))
    done = subprocess.run(
        [sys.executable, "-m", "bench.function"],
        input=json.dumps(task),
        env={**os.environ, **aws.env, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def fill(service: Service, images: int, versions: int) -> None:
    """Bring the pipeline to so many images, the current one included, and the launch template to so
    many versions, of which the newest are of the newest images.

    Copies of the current image are put into the local AWS directly: ten thousand bakes would take
    an hour.
    """
    backend: Any = ec2_backends[server_state.account_id][REGION]
    template = backend.launch_templates[service.template]
    current = backend.amis[service.latest_image()]
    own = [image for image in backend.amis.values() if image.owner_id == server_state.account_id]
    for image in own:
        if image is not current:
            backend.amis.pop(image.id)
            for snapshot in image.snapshots:
                backend.snapshots.pop(snapshot.id, None)
    copies = [_copy(backend, current, number) for number in range(images - 1)]
    newest = template.versions[-1]
    template.versions = template.versions[:1]
    for image in copies[len(copies) - max(versions - 2, 0) :]:
        template.create_version({**newest.data, "ImageId": image.id}, "")
    if versions > 1:
        template.create_version(newest.data, newest.description)
    else:
        template.versions[0].data = newest.data


def _copy(backend: Any, image: Any, number: int) -> Any:
    twin = copy.copy(image)
    tags = {tag["key"]: tag["value"] for tag in image.get_tags()}
    execution = str(uuid.uuid4())
    twin.name = image.name.replace(tags[EXECUTION_TAG], execution)
    twin.id, tags[EXECUTION_TAG] = random_ami_id(), execution
    snapshot = copy.copy(image.snapshots[0])
    snapshot.id, snapshot.from_ami = random_snapshot_id(), twin.id
    twin.snapshots = [snapshot]
    device = copy.deepcopy(image.devices[0])
    device["Ebs"]["SnapshotId"] = snapshot.id
    twin.devices = [device]
    # The older, the smaller the number.
    twin.creation_date = _START + datetime.timedelta(seconds=number)
    backend.snapshots[snapshot.id] = snapshot
    backend.amis[twin.id] = twin
    twin.add_tags(tags)
    snapshot.add_tags(tags)
    return twin
