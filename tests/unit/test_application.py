"""The sample application's scripts, run for real on an instance made of stub commands.

The scripts see a PATH that holds the stubs, bash and dirname, and nothing else: whatever they call
is either recorded here or not found, and this machine stays as it is.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

APPLICATION = Path(__file__).parents[2] / "examples" / "application"

# Each stub notes how it was called, and acts on the folder that stands for the instance.
STUBS = {
    "rpm": '[[ -e "$INSTANCE/installed/${!#}" ]]',
    "dnf": """
        [[ $1 == install && " $* " == *" --assumeyes "* ]] || exit 1  # nobody can answer a question
        for package in "${@:2}"; do [[ $package == -* ]] || : >"$INSTANCE/installed/$package"; done
    """,
    "systemctl": """
        unit=${!#}
        [[ -e "$INSTANCE/installed/$unit" ]] || exit 5
        case $1 in
          restart) [[ ! -e "$INSTANCE/broken/$unit" ]] && : >"$INSTANCE/running/$unit" ;;
          stop) [[ ! -e "$INSTANCE/broken/$unit" ]] && : >"$INSTANCE/stopped/$unit" ;;
          enable) : >"$INSTANCE/enabled/$unit" ;;
          cat | status) echo "unit $unit" ;;
          *) exit 1 ;;
        esac
    """,
    "curl": """
        [[ -e "$INSTANCE/running/httpd" && -e "$INSTANCE/running/php-fpm" ]] || exit 7
        [[ ${!#} == http://localhost/health.html ]] || echo "<main data-version=\\"$SERVED\\">"
    """,
    "chown": "",
    "chmod": "",
}


class Instance:
    """An Amazon Linux instance as far as the scripts can see it."""

    def __init__(self, folder: Path, *, packages: tuple[str, ...] = ()) -> None:
        self.state = folder / "instance"
        self.bundle = folder / "deployment-archive"
        self.calls = folder / "calls"
        self._path = folder / "bin"
        self.served = ""
        for name in ("installed", "running", "stopped", "enabled", "broken"):
            (self.state / name).mkdir(parents=True)
        for package in packages:
            self.mark("installed", package)
        shutil.copytree(APPLICATION, self.bundle)
        self._path.mkdir()
        for name, body in STUBS.items():
            stub = self._path / name
            stub.write_text(f'#!/usr/bin/env bash\necho "{name} $*" >>"$CALLS"\n{body}\n')
            stub.chmod(0o755)
        for name in ("bash", "dirname"):
            found = shutil.which(name)
            assert found
            (self._path / name).symlink_to(found)

    def mark(self, kind: str, name: str) -> None:
        (self.state / kind / name).touch()

    def has(self, kind: str) -> set[str]:
        return {path.name for path in (self.state / kind).iterdir()}

    @property
    def version(self) -> str:
        return (self.bundle / "src" / "VERSION").read_text().strip()

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        """Run a script of the bundle; `called()` then tells what it called."""
        self.calls.write_text("")
        environment = {
            "PATH": str(self._path),
            "INSTANCE": str(self.state),
            "CALLS": str(self.calls),
            "SERVED": self.served or self.version,
        }
        return subprocess.run(
            [self.bundle / "scripts" / script],
            env=environment,
            cwd=self.state,
            capture_output=True,
            text=True,
            timeout=20,
        )

    def called(self, command: str) -> list[str]:
        lines = self.calls.read_text().splitlines()
        return [line for line in lines if line.split()[0] == command]

    def deploy(self) -> list[str]:
        """Run the hooks in the order of a deployment; the dnf calls that they made."""
        installs: list[str] = []
        for event in hooks().values():
            for hook in event:
                done = self.run(Path(hook["location"]).name)
                assert done.returncode == 0, done.stderr
                installs += self.called("dnf")
        return installs


def appspec() -> dict[str, Any]:
    content = yaml.safe_load((APPLICATION / "appspec.yml").read_text())
    assert isinstance(content, dict)
    return content


def hooks() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = appspec()["hooks"]
    return found


@pytest.fixture
def bare(tmp_path: Path) -> Instance:
    return Instance(tmp_path)


@pytest.fixture
def baked(tmp_path: Path) -> Instance:
    return Instance(tmp_path, packages=("httpd", "php-fpm"))


def test_appspec_names_the_hooks_in_the_order_in_which_codedeploy_runs_them() -> None:
    assert list(hooks()) == [
        "ApplicationStop",
        "BeforeInstall",
        "AfterInstall",
        "ApplicationStart",
        "ValidateService",
    ]


def test_every_hook_names_a_script_that_can_be_run() -> None:
    for event in hooks().values():
        for hook in event:
            assert os.access(APPLICATION / hook["location"], os.X_OK), hook["location"]
            assert hook["runas"] == "root"


def test_only_src_is_served() -> None:
    assert appspec()["files"] == [{"source": "src", "destination": "/var/www/html"}]
    assert not list((APPLICATION / "src").rglob("*.sh"))


def test_files_of_a_baked_image_are_overwritten() -> None:
    assert appspec()["file_exists_behavior"] == "OVERWRITE"


def test_a_bare_instance_is_installed_and_started(bare: Instance) -> None:
    installs = bare.deploy()

    assert installs == ["dnf install --assumeyes --quiet httpd php-fpm"]
    assert bare.has("running") == bare.has("enabled") == {"httpd", "php-fpm"}


def test_only_what_is_missing_is_installed(tmp_path: Path) -> None:
    instance = Instance(tmp_path, packages=("httpd",))

    assert instance.deploy() == ["dnf install --assumeyes --quiet php-fpm"]


def test_a_second_deployment_installs_nothing(bare: Instance) -> None:
    bare.deploy()

    assert bare.deploy() == []
    assert bare.has("stopped") == {"httpd", "php-fpm"}


def test_an_instance_from_a_baked_image_installs_nothing(baked: Instance) -> None:
    assert baked.deploy() == []
    assert baked.has("running") == {"httpd", "php-fpm"}


def test_stop_says_that_nothing_is_there(bare: Instance) -> None:
    done = bare.run("stop_server.sh")

    assert done.returncode == 0
    assert "httpd is not installed" in done.stdout
    assert bare.has("stopped") == set()


def test_stop_goes_on_when_a_service_cannot_be_stopped(baked: Instance) -> None:
    baked.mark("broken", "httpd")

    done = baked.run("stop_server.sh")

    assert done.returncode == 0
    assert "httpd could not be stopped" in done.stderr
    assert baked.has("stopped") == {"php-fpm"}


def test_install_fails_when_the_packages_cannot_be_had(bare: Instance) -> None:
    shutil.rmtree(bare.state / "installed")

    assert bare.run("install_dependencies.sh").returncode != 0


@pytest.mark.parametrize("service", ["httpd", "php-fpm"])
def test_start_fails_and_names_the_service(baked: Instance, service: str) -> None:
    baked.mark("broken", service)

    done = baked.run("start_server.sh")

    assert done.returncode == 1
    assert f"{service} did not start" in done.stderr
    assert f"unit {service}" in done.stderr


def test_files_belong_to_root_and_only_apache_reads_them(baked: Instance) -> None:
    assert baked.run("set_permissions.sh").returncode == 0

    assert baked.called("chown") == ["chown --recursive root:apache /var/www/html"]
    assert baked.called("chmod") == ["chmod --recursive u=rwX,g=rX,o= /var/www/html"]


def test_validation_passes_when_this_version_answers(baked: Instance) -> None:
    baked.deploy()

    done = baked.run("validate_service.sh")

    assert done.returncode == 0
    assert f"version {baked.version} answers" in done.stdout
    assert all("--retry" in call for call in baked.called("curl"))


def test_validation_fails_when_another_version_answers(baked: Instance) -> None:
    baked.deploy()
    baked.served = "0.9.9"

    done = baked.run("validate_service.sh")

    assert done.returncode == 1
    assert f"does not show version {baked.version}" in done.stderr
    assert "0.9.9" in done.stderr


def test_validation_fails_when_nothing_answers(baked: Instance) -> None:
    assert baked.run("validate_service.sh").returncode != 0


def test_the_page_shows_what_validation_looks_for() -> None:
    page = (APPLICATION / "src" / "index.php").read_text()

    assert '<main data-version="<?= $version ?>">' in page
    assert "__DIR__ . '/VERSION'" in page
