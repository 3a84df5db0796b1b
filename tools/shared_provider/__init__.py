"""One process of Terraform's AWS provider for many terraform commands.

Each command starts the provider and decodes the schemas of its 1,500 resource types, which takes
several times the CPU time of all the rest. A shared provider is started once. It is reached through
a server in this process, which leaves out of the schemas all resource types that this repository
does not use, and passes on every other request as it is.

https://developer.hashicorp.com/terraform/plugin/debugging
https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/tfplugin5.proto
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc

from toolchain import ROOT
from toolchain.terraform import PROVIDER

# The collection of garbage takes a third of the CPU time of Terraform and its provider. This way it
# runs a quarter as often, for some 200 MB of memory.
COLLECT_LESS = {"GOGC": "400"}
_SERVICE = "/tfplugin5.Provider/"
# Fields of GetProviderSchema.Response: maps from a type to its schema.
_RESOURCES, _DATA_SOURCES = 2, 3
# By default gRPC takes messages of up to 4 MB; the schemas are larger.
_ANY_SIZE = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
# More than the requests that Terraform makes at the same time. Most of them wait for AWS.
_THREADS = 32
_TYPE = re.compile(r'^\s*(?:mock_)?(?:resource|data) "(aws_\w+)"', re.M)


class SharedProvider:
    """A running provider.

    Args:
        data: the data directory (`.terraform`) of a configuration after `terraform init`, which has
            put the provider there.
        folder: where the commands run: the provider itself reads files, such as a function's code.
        environment: of the provider. It alone says which AWS is used, and where.
    """

    def __init__(self, data: Path, folder: Path, environment: Mapping[str, str]) -> None:
        (program,) = data.glob(f"providers/{PROVIDER}/*/*/terraform-provider-aws*")
        self._process = subprocess.Popen(
            [program, "-debug"],
            cwd=folder,
            env={**environment, **COLLECT_LESS},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        ((name, reattach),) = self._reattach().items()
        self._server = grpc.server(ThreadPoolExecutor(_THREADS), options=_ANY_SIZE)
        channel = grpc.insecure_channel(f"unix:{reattach['Addr']['String']}", options=_ANY_SIZE)
        self._server.add_generic_rpc_handlers([_PassOn(channel)])
        port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        reattach["Addr"] = {"Network": "tcp", "String": f"127.0.0.1:{port}"}
        self.env = {"TF_REATTACH_PROVIDERS": json.dumps({name: reattach}), **COLLECT_LESS}

    def _reattach(self) -> dict[str, Any]:
        """Read how Terraform can reach the provider."""
        assert self._process.stdout
        for line in self._process.stdout:
            if found := re.search(r"TF_REATTACH_PROVIDERS='(.*)'", line):
                return dict(json.loads(found[1]))
        raise RuntimeError(f"the provider did not start: {self._process.args!r}")

    def __enter__(self) -> SharedProvider:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._server.stop(grace=None)
        self._process.send_signal(signal.SIGINT)
        self._process.communicate()


class _PassOn(grpc.GenericRpcHandler):
    """Answers requests for schemas; the provider answers all others."""

    def __init__(self, provider: grpc.Channel) -> None:
        self._provider = provider
        schemas = provider.unary_unary(_SERVICE + "GetSchema")(b"")
        self._schemas = without_other_types(schemas, used_types())

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        if not details.method.startswith(_SERVICE):
            return None  # go-plugin's own services, which Terraform does without
        if details.method == _SERVICE + "GetSchema":
            return grpc.unary_unary_rpc_method_handler(lambda *_: self._schemas)
        call = self._provider.unary_unary(details.method)

        def pass_on(request: bytes, context: grpc.ServicerContext) -> Any:
            try:
                return call(request)
            except grpc.RpcError as error:
                return context.abort(error.code(), error.details())

        return grpc.unary_unary_rpc_method_handler(pass_on)


def used_types() -> set[str]:
    """The resource types and data sources of the modules, the examples and the tests."""
    folders = (ROOT / folder for folder in ("modules", "examples", "tests"))
    files = [*ROOT.glob("*.tf"), *(file for folder in folders for file in folder.rglob("*"))]
    texts = (file.read_text() for file in files if file.suffix in (".tf", ".hcl"))
    return {name for text in texts for name in _TYPE.findall(text)}


def without_other_types(schemas: bytes, types: set[str]) -> bytes:
    """A GetProviderSchema.Response that has no resource types and data sources but these."""
    left = []
    for number, field, content in _fields(schemas):
        if number in (_RESOURCES, _DATA_SOURCES):
            _, _, name = next(_fields(content))
            if name.decode() not in types:
                continue
        left.append(field)
    return b"".join(left)


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """The number of each field of a message, all of it, and its content.

    All fields of the messages that are read here have a length.
    https://protobuf.dev/programming-guides/encoding/
    """
    end = 0
    while end < len(message):
        begin = end
        tag, at = _varint(message, begin)
        length, at = _varint(message, at)
        end = at + length
        yield tag >> 3, message[begin:end], message[at:end]


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """The number at a place, and the place after it."""
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
