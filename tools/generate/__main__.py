"""`python -m generate`: write the generated files that are stale."""

from __future__ import annotations

from generate.catalogue import GENERATED


def main() -> None:
    for file in GENERATED:
        if file.is_stale():
            file.write()
            print(f"wrote {file.path}")


if __name__ == "__main__":
    main()
