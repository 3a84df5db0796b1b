"""``python -m local_aws``: print the endpoint and serve until terminated."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from local_aws.server import build
from local_aws.serving import serve


def main() -> None:
    arguments = argparse.ArgumentParser(prog="local_aws", description=__doc__)
    arguments.add_argument("--port", type=int, default=0, help="default: any free one")
    arguments.add_argument("--speed", type=float, default=1, help="AWS seconds in a real second")
    arguments.add_argument("--folder", type=Path, help="for its files; default: a temporary one")
    given = arguments.parse_args()
    serve(build(), given.port, given.speed, given.folder, sys.stdout)


if __name__ == "__main__":
    main()
