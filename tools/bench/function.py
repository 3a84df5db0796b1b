"""The function in a process of its own, as Lambda would start it: ``python -m bench.function``.

Reads a task as JSON from its input and prints what it measured as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

_CLIENTS = ("autoscaling", "codedeploy", "codepipeline", "ec2", "ssm")


def main() -> None:
    task: dict[str, Any] = json.load(sys.stdin)
    measured = clean(**task) if task.pop("what") == "clean" else start()
    json.dump({**measured, "megabytes": peak_megabytes()}, sys.stdout)


def peak_megabytes() -> float:
    """The most memory this process had; getrusage would count that of the process it came from."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def start() -> dict[str, float]:
    """A cold start with all clients, step by step; milliseconds."""
    began = time.perf_counter()
    import boto3  # noqa: F401

    imported = time.perf_counter()
    from baker import entry

    ready = time.perf_counter()
    for name in _CLIENTS:
        getattr(entry.RUNTIME.aws.clients, name)
    made = time.perf_counter()
    return {
        "boto3": (imported - began) * 1000,
        "init": (ready - imported) * 1000,
        "clients": (made - ready) * 1000,
    }


def clean(settings: dict[str, str], image_id: str, version: int) -> dict[str, float]:
    """Retention after a bake, with its clients made before; seconds, and requests by operation."""
    import logging
    from collections import Counter

    from baker.model.answer import Promotion
    from baker.retention.cleanup import clean as run
    from baker.runtime import Runtime

    logging.disable()
    invocation, requests = Runtime(environment=settings).invocation(), Counter[str]()
    aws = invocation.aws
    for client in (aws.clients.autoscaling, aws.clients.ec2):
        client.meta.events.register("before-call", lambda model, **_: requests.update([model.name]))
    promotion = Promotion(image_id, invocation.settings.launch_template_id, version)
    began = time.perf_counter()
    report = run(invocation, promotion)
    seconds = time.perf_counter() - began
    assert not report.problems, report
    return {
        "seconds": seconds,
        "requests": sum(requests.values()),
        "one by one": requests["DescribeImageAttribute"] + requests["DeregisterImage"],
        "removed": len(report.images),
    }


if __name__ == "__main__":
    main()
