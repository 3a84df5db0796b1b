"""`python -m local_aws.forks`: load what a server needs once, and fork one on each request.

A request is a line of JSON on standard input, and so is its answer on standard output. A ``folder``
and a ``speed`` start a server, whose ``endpoint`` (empty, if it does not start) and ``pid`` are the
answer. A pid to ``wait`` for is that of a server that ends.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from moto.backends import get_backend
from moto.core.utils import get_service_model

from local_aws.client import REGION
from local_aws.server import WsgiApp, build
from local_aws.server_state import server_state
from local_aws.serving import serve

# The services of moto that most tests use; a server loads the others at their first request.
LOADED = (
    "autoscaling",
    "cloudwatch",
    "codecommit",
    "codedeploy",
    "codepipeline",
    "ec2",
    "elbv2",
    "events",
    "iam",
    "kms",
    "lambda",
    "logs",
    "s3",
    "sns",
    "ssm",
    "sts",
)


def main() -> None:
    application = build()
    load()
    running = set[int]()
    for line in sys.stdin:
        request = json.loads(line)
        if pid := request.get("wait"):
            os.waitpid(pid, 0)
            running.remove(pid)
            answer = {}
        else:
            answer = start(application, request["speed"], Path(request["folder"]))
            running.add(answer["pid"])
        print(json.dumps(answer), flush=True)
    for pid in running:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)


def load() -> None:
    """Do for each service what takes long at the first request."""
    for service in LOADED:
        get_service_model(service)
        regions: Any = get_backend(service)[server_state.account_id]
        # A global service has a backend for each partition, and some requests look through all.
        for region in [REGION] if REGION in regions.regions else regions.regions:
            regions[region]
    # All of it stays, and a collection that looks through it would copy the memory that the servers
    # share.
    gc.collect()
    gc.freeze()


def start(application: WsgiApp, speed: float, folder: Path) -> dict[str, Any]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        with open(reading) as output:
            return {"endpoint": output.readline().strip(), "pid": pid}
    try:
        os.close(reading)
        log = os.open(folder / "server.log", os.O_WRONLY | os.O_CREAT)
        for standard, file in enumerate((os.open(os.devnull, os.O_RDWR), log, log)):
            os.dup2(file, standard)
        with open(writing, "w") as output:
            serve(application, 0, speed, folder, output)
    except Exception:
        traceback.print_exc()
    finally:
        # At once: an end as usual would free all objects, one by one.
        os._exit(0)


if __name__ == "__main__":
    main()
