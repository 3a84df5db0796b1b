"""``python -m bench``: measure; writes docs/benchmarks.md and docs/retention.svg."""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterable, Sequence
from functools import partial
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
PAGE = ROOT / "docs" / "benchmarks.md"
PLOT = ROOT / "docs" / "retention.svg"
_REPEATS = 5


INTRODUCTION = f"""\
# Benchmarks

`make bench` writes this page; it was run on a machine with {os.cpu_count()} cores,
on the local AWS. Requests and memory are the same on AWS. Times include the local AWS's, which
answers in milliseconds, or in seconds for a list of ten thousand images.
"""


def main() -> None:
    sections = [INTRODUCTION]
    for measure in (cold_start, partial(bake, "live"), partial(bake, "standby"), retention):
        sections.append(measure())
        print(sections[-1], flush=True)
    PAGE.write_text("\n".join(sections))
    print(f"wrote {PAGE.relative_to(ROOT)} and {PLOT.relative_to(ROOT)}")


def cold_start() -> str:
    service = Service()
    with over_http(service) as aws:
        measured = [in_a_process(aws, what="start") for _ in range(_REPEATS)]
    middle = {key: statistics.median(one[key] for one in measured) for key in measured[0]}
    return section(
        "Cold start",
        """\
A cold invocation takes as long as a warm one, plus the import, plus the clients that it needs: of
the five, an invocation that looks at a pending image makes two. Lambda gives the function a
fraction of a core, so a cold start takes longer there.""",
        ("step", f"median of {_REPEATS}"),
        [
            ("import boto3", f"{middle['boto3']:.0f} ms"),
            ("import the function, in addition", f"{middle['init']:.0f} ms"),
            ("make all five clients", f"{middle['clients']:.0f} ms"),
            ("memory after that", f"{middle['megabytes']:.0f} MB"),
        ],
    )


def bake(capture: str) -> str:
    """A bake, invocation by invocation; the second one, so that the function is warm."""
    service = Service(capacity=3, CAPTURE=capture)
    with service.running():
        service.bake()
        rows = measured_bake(service)
    total = sum(row[1] for row in rows)
    return section(
        f'Invocations of a bake, `capture = "{capture}"`',
        "The function is warm. The time without AWS is what the function itself takes.",
        ("summary of the invocation", "requests", "time", "time without AWS"),
        [
            *((text, count, f"{ms:.0f} ms", f"{own:.0f} ms") for text, count, ms, own in rows),
            ("**all**", f"**{total}**", "", ""),
        ],
    )


def measured_bake(service: Service) -> list[tuple[str, int, float, float]]:
    """For each invocation: its summary, requests, and milliseconds with and without AWS."""
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


def retention() -> str:
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
    draw(points)
    rows = [
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
    ]
    return section(
        "Retention",
        f"""\
Retention keeps 5 images here, and a bake deletes at most 20. The number of requests grows with the
pages of each list (1,000 images a page; references are looked up for ten images at a time) and with
the images deleted, because EC2 deregisters one at a time.

![Requests and seconds of retention by the number of images]({PLOT.name})""",
        (
            "images",
            "template versions",
            "images removed",
            "requests for lists",
            "requests to remove",
            "time",
            "memory",
        ),
        rows,
    )


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


def section(heading: str, text: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A section of the page, with a table."""
    lines = (head, ["---"] * len(head), *rows)
    table = "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)
    return f"## {heading}\n\n{text}\n\n{table}"


if __name__ == "__main__":
    main()
