"""``python -m bench``: measure, print tables and draw docs/retention.svg."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import matplotlib

from bench.account import fill, in_a_process, over_http
from support.bakes.faults import Calls
from support.bakes.service import Service
from toolchain import ROOT

matplotlib.use("svg")
from matplotlib import pyplot

IMAGES = (10, 100, 1_000, 10_000)
VERSIONS = (1, 10, 100)
PLOT = ROOT / "docs" / "retention.svg"
_REPEATS = 5


def main() -> int:
    print("Measured on the local AWS, whose answers take a few milliseconds.\n")
    starts()
    for capture in ("live", "standby"):
        bakes(capture)
    retention()
    return 0


def starts() -> None:
    service = Service()
    with over_http(service) as aws:
        measured = [in_a_process(aws, what="start") for _ in range(_REPEATS)]
    middle = {key: statistics.median(one[key] for one in measured) for key in measured[0]}
    print("### A cold start\n")
    table(
        ("what", "median of 5"),
        [
            ("import boto3", f"{middle['boto3']:.0f} ms"),
            ("what the function's init adds", f"{middle['init']:.0f} ms"),
            ("make all five clients", f"{middle['clients']:.0f} ms"),
            ("memory then", f"{middle['megabytes']:.0f} MB"),
        ],
    )


def bakes(capture: str) -> None:
    """A bake, invocation by invocation; the second one, so that the function is warm."""
    service = Service(capacity=3, CAPTURE=capture)
    with service.running():
        service.bake()
        rows = measured_bake(service)
    print(f"### The invocations of a bake, capture = {capture}\n")
    total = sum(row[1] for row in rows)
    table(
        ("what the invocation said", "requests", "time, warm", "of it in the function"),
        [
            *((text, count, f"{ms:.0f} ms", f"{own:.0f} ms") for text, count, ms, own in rows),
            ("**all**", f"**{total}**", "", ""),
        ],
    )


def measured_bake(service: Service) -> list[tuple[str, int, float, float]]:
    """For each invocation: what it answered, requests, and milliseconds with and without AWS."""
    rows = []

    def deliver(event: dict[str, Any]) -> Any:
        calls = Calls()
        answer = service.function.invoke(event, calls)
        spent = service.function.invocations[-1].seconds
        rows.append(
            (
                said(calls),
                len(calls.made),
                spent * 1000,
                (spent - calls.seconds) * 1000,
            )
        )
        return answer

    service.function.deliver = deliver
    service.bake()
    service.function.deliver = None
    return rows


def said(calls: Calls) -> str:
    """The summary of the answer, without ids."""
    details = calls.made[-1].parameters["executionDetails"]
    words = str(details["summary"]).partition(". ")[0].split()
    return " ".join("…" if "-" in word and any(map(str.isdigit, word)) else word for word in words)


def retention() -> None:
    service = Service(KEEP_IMAGES="5")
    with service.running():
        service.bake()
    points: dict[int, list[dict[str, float]]] = {}
    with over_http(service) as aws:
        for versions in VERSIONS:
            points[versions] = []
            for images in IMAGES:
                fill(service, images, versions)
                points[versions].append(clean(service, aws))
    print("### Retention, which keeps 5 images and removes 20 at most in a bake\n")
    table(
        (
            "images",
            "versions",
            "removed",
            "requests for lists",
            "for each removed",
            "time",
            "memory",
        ),
        [
            (
                f"{images:,}",
                versions,
                f"{one['removed']:.0f}",
                f"{one['requests'] - one['one by one']:.0f}",
                f"{one['one by one']:.0f}",
                f"{one['seconds']:.2f} s",
                f"{one['megabytes']:.0f} MB",
            )
            for versions in VERSIONS
            for images, one in zip(IMAGES, points[versions], strict=True)
        ],
    )
    draw(points)


def clean(service: Service, aws: Any) -> dict[str, float]:
    newest = service.versions()[0]
    return in_a_process(
        aws,
        what="clean",
        settings=service.environment,
        image_id=newest["LaunchTemplateData"]["ImageId"],
        version=newest["VersionNumber"],
    )


def draw(points: dict[int, list[dict[str, float]]]) -> None:
    figure, (requests, seconds) = pyplot.subplots(1, 2, figsize=(9, 3.4))
    for versions, measured in points.items():
        label = f"{versions} version{'s' if versions > 1 else ''}"
        requests.plot(IMAGES, [one["requests"] for one in measured], "o-", label=label)
        seconds.plot(IMAGES, [one["seconds"] for one in measured], "o-", label=label)
    for axes, title in ((requests, "Requests"), (seconds, "Seconds")):
        axes.set_xscale("log")
        axes.set_ylim(bottom=0)
        axes.set_xlabel("images of the pipeline")
        axes.set_title(f"{title} of retention")
        axes.grid(alpha=0.3)
    requests.legend(title="launch template")
    figure.tight_layout()
    PLOT.parent.mkdir(exist_ok=True)
    # Without a date, so that the file changes only with what it shows.
    figure.savefig(PLOT, metadata={"Date": None})
    print(f"Drawn: {PLOT.relative_to(ROOT)}")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table in Markdown."""
    for row in (head, ["---"] * len(head), *rows):
        print("| " + " | ".join(map(str, row)) + " |", flush=True)
    print()


if __name__ == "__main__":
    sys.exit(main())
