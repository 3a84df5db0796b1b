"""Terraform and its AWS provider: this machine's where they are recent enough, else downloads."""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from toolchain import TOOLS, SetupError, environment
from toolchain.commands import run, say


@dataclass(frozen=True)
class Release:
    """A version of Terraform to download.

    Attributes:
        url: the folder of all versions.
        sha256: of the zip for each platform that can be downloaded.
    """

    version: str
    url: str
    sha256: Mapping[str, str]


# `override_during = plan`, which the tests of the modules use, came with 1.11.
OLDEST_TERRAFORM = (1, 11)
# The checksums are those of HashiCorp's terraform_1.11.4_SHA256SUMS and of its Homebrew formula.
RELEASE = Release(
    "1.11.4",
    "https://releases.hashicorp.com/terraform",
    {
        "darwin_amd64": "a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b",
        "darwin_arm64": "867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18",
        "linux_amd64": "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
        "linux_arm64": "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
    },
)
INSTALL = "install it from https://developer.hashicorp.com/terraform/install"

PROVIDER = "registry.terraform.io/hashicorp/aws"
PROVIDER_VERSION = "5.100.0"
# The modules accept versions from the first to below the second.
PROVIDER_RANGE = ((5, 100), (7,))


def install_terraform(release: Release = RELEASE, tools: Path = TOOLS) -> str:
    """Download Terraform unless the PATH has a recent one; returns its platform (`linux_amd64`).

    Raises:
        SetupError: when it cannot be downloaded, or does not run here.
    """
    found = terraform_version(tools)
    if not found or found[0] < OLDEST_TERRAFORM:
        download_terraform(release, tools)
        found = terraform_version(tools)
    if not found:
        raise SetupError(f"{tools / 'bin' / 'terraform'} does not run on this machine: {INSTALL}")
    return found[1]


def terraform_version(tools: Path = TOOLS) -> tuple[tuple[int, ...], str] | None:
    """Version and platform of the Terraform on the PATH, if there is one."""
    settings = environment(tools)
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


def download_terraform(release: Release, tools: Path) -> None:
    """Put Terraform into `bin` of ``tools``, provided that its checksum is right."""
    machine = platform.machine().lower()
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)
    name = f"{platform.system().lower()}_{architecture}"
    if name not in release.sha256:
        raise SetupError(
            f"Terraform 1.11 or newer is needed, and no download is pinned for {name}: {INSTALL}"
        )
    url = f"{release.url}/{release.version}/terraform_{release.version}_{name}.zip"
    say(f"downloading {url}")
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            content = answer.read()
    except OSError as error:
        raise SetupError(
            f"Terraform 1.11 or newer is needed, and {url} could not be downloaded ({error}): "
            f"{INSTALL}"
        ) from None
    checksum = hashlib.sha256(content).hexdigest()
    if checksum != release.sha256[name]:
        raise SetupError(f"{url} has SHA-256 {checksum}, not {release.sha256[name]}: not used")
    binary = tools / "bin" / "terraform"
    binary.parent.mkdir(parents=True, exist_ok=True)
    partial = binary.with_suffix(".partial")
    partial.write_bytes(zipfile.ZipFile(io.BytesIO(content)).read("terraform"))
    partial.chmod(0o755)
    partial.replace(binary)


def install_provider(
    terraform_platform: str, folders: Iterable[Path] | None = None, tools: Path = TOOLS
) -> None:
    """Write the Terraform CLI configuration that takes the AWS provider from a local folder.

    The folder is a filesystem mirror on this machine, or else one filled here from wherever
    Terraform takes its providers. `init`, which the tests run many times, then downloads nothing.

    Args:
        folders: where to look for a mirror; by default where one usually is.
    """
    folders = mirror_folders(tools) if folders is None else folders
    mirror = find_mirror(folders, terraform_platform) or download_provider(tools)
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
    tools.mkdir(exist_ok=True)
    (tools / "terraform.rc").write_text(content)


def mirror_folders(tools: Path = TOOLS) -> Iterator[Path]:
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
    yield downloaded_providers(tools)


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


def download_provider(tools: Path) -> Path:
    """Let Terraform fetch the pinned provider; the folder it ends up in is laid out as a mirror."""
    folder = tools / "provider"
    folder.mkdir(parents=True, exist_ok=True)
    provider = {"source": PROVIDER, "version": PROVIDER_VERSION}
    needs = {"terraform": {"required_providers": {"aws": provider}}}
    (folder / "main.tf.json").write_text(json.dumps(needs))
    say(f"downloading version {PROVIDER_VERSION} of {PROVIDER}")
    own_settings = {**os.environ, "PATH": environment(tools)["PATH"]}
    command = ["terraform", f"-chdir={folder}", "init", "-no-color", "-input=false"]
    run(command, f"Terraform could not get {PROVIDER} {PROVIDER_VERSION}", own_settings)
    return downloaded_providers(tools)


def downloaded_providers(tools: Path) -> Path:
    """Where Terraform keeps the providers that it has fetched for `download_provider`."""
    return tools / "provider" / ".terraform" / "providers"


def parse_version(text: str) -> tuple[int, ...]:
    """The numbers of `1.11.4` or `6.0.0-beta1`; empty for what is no version."""
    numbers = text.partition("-")[0].split(".")
    return tuple(map(int, numbers)) if all(number.isdigit() for number in numbers) else ()
