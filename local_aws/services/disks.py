"""The disks of instances, and the files in images."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from types import MappingProxyType

from local_aws.server_state import server_state


class Disk:
    """The files of an instance: in the page cache, where processes see them, and on the volume.

    A write stays in the page cache until the file systems are flushed (sync(2)). Time alone flushes
    nothing, as the kernel does not promise when it does.
    """

    def __init__(self, files: Mapping[str, bytes] = MappingProxyType({})) -> None:
        self._cached = dict(files)
        self._flushed = dict(files)
        self._lock = threading.Lock()

    @property
    def files(self) -> Mapping[str, bytes]:
        """The files as processes see them, by absolute path."""
        with self._lock:
            return dict(self._cached)

    @property
    def flushed(self) -> Mapping[str, bytes]:
        """The files on the volume, by absolute path."""
        with self._lock:
            return dict(self._flushed)

    def write(self, path: str, data: bytes) -> None:
        with self._lock:
            self._cached[path] = data

    def remove(self, path: str) -> None:
        """Remove a file, or a directory with its contents, if it exists."""
        with self._lock:
            for name in [name for name in self._cached if f"{name}/".startswith(f"{path}/")]:
                del self._cached[name]

    def sync(self) -> None:
        with self._lock:
            self._flushed = dict(self._cached)


_of_instances: dict[str, Disk] = {}
_of_images: dict[str, Mapping[str, bytes]] = {}


def disk_of(instance_id: str) -> Disk:
    """The disk of an instance.

    Raises:
        KeyError: if there is no such instance.
    """
    return _of_instances[instance_id]


def attach(instance_id: str, image_id: str) -> None:
    """Give a new instance a disk with the files of its image; a public image has none."""
    _of_instances[instance_id] = Disk(_of_images.get(image_id, {}))


def capture(instance_id: str, image_id: str) -> None:
    """Copy the files on an instance's volume into an image."""
    _of_images[image_id] = disk_of(instance_id).flushed


def install() -> None:
    server_state.controls["disk"] = _files
    server_state.controls["disk/write"] = _write
    server_state.controls["image/files"] = _files_in_image


def _files(instance_id: str) -> dict[str, dict[str, str]]:
    disk = disk_of(instance_id)
    return {"files": _decoded(disk.files), "flushed": _decoded(disk.flushed)}


def _files_in_image(image_id: str) -> dict[str, str]:
    return _decoded(_of_images.get(image_id, {}))


def _write(instance_id: str, path: str, text: str) -> None:
    disk_of(instance_id).write(path, text.encode())


def _decoded(files: Mapping[str, bytes]) -> dict[str, str]:
    return {path: data.decode(errors="replace") for path, data in files.items()}
