"""Results kept that moto computes anew for each request, or for each attribute of a response."""

from __future__ import annotations

import functools
from typing import Any

import moto.backends
import moto.iam.models
import xmltodict
from moto.core import responses
from moto.core.serialize import AttributePickerContext, ResponseSerializer
from moto.core.utils import MISSING, get_value
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from local_aws.server_state import PARTITION


def install() -> None:
    modules = frozenset(moto.backends.list_of_moto_modules())
    moto.backends.list_of_moto_modules = lambda: modules
    responses.method_names_from_class = functools.cache(responses.method_names_from_class)
    # moto looks an access key up in each partition, and creates each with a thousand policies.
    moto.iam.models.PARTITION_NAMES = [PARTITION]
    xmltodict._validate_name = functools.cache(xmltodict._validate_name)  # type: ignore[attr-defined]
    ResponseSerializer.get_value = _value  # type: ignore[assignment, method-assign]


class Dispatcher(DomainDispatcherApplication):
    """Finds the service of a host once; moto tries all patterns at each request."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.get_backend_for_host = functools.cache(super().get_backend_for_host)  # type: ignore[method-assign]


# The names that an attribute of a response can have in one of moto's objects, in the order in which
# moto tries them; by the object's class, the attribute's shape and its name in the API.
_names: dict[tuple[type, Any, str], tuple[str, ...]] = {}


def _value(self: ResponseSerializer, obj: Any, key: str, shape: Any) -> Any:
    """Replaces `ResponseSerializer.get_value`, which computes the names for each object."""
    where = (obj.__class__, shape, key)
    names = _names.get(where)
    if names is None:
        context = AttributePickerContext(obj, key, shape, self.operation_model, self.service_model)
        names = tuple(dict.fromkeys(self._value_picker.get_possible_keys(context)))
        _names[where] = names
    value = None
    if obj.__class__ is dict:
        for name in names:
            if name in obj:
                value = obj[name]
                break
    else:
        for name in names:
            found = get_value(obj, name, MISSING)
            if found is not MISSING:
                value = found
                break
    transformers = self._value_picker.response_transformers
    if transformers:
        path = ".".join((*self.path, key))
        if path.endswith(tuple(transformers)):
            for end, transform in transformers.items():
                if path.endswith(end):
                    return transform(value)
    return value
