"""What is enrolled with an account besides its secrets: paths, the method of ``authenticate``, the table of actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services.coinsoftworks import actions as tables
from coldtusk_offline.services.coinsoftworks.actions import Action
from coldtusk_shared import cbor
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.mapreader import MapReader
from coldtusk_shared.services.coinsoftworks import output, paths
from coldtusk_shared.services.coinsoftworks.commands import DEFAULT_PATHS
from coldtusk_shared.text import quoted

NOT_ENROLLED = Code(
    "coinsoftworks.action-not-enrolled",
    "enrol it first: `coldtusk-offline secret table LABEL --table FILE` with its path, fields and risk",
)
PATH_KEY = Code("coinsoftworks.path-key", "enrol the account's API key, or take {key} out of the path")

_KEYS = MappingProxyType({name: place for place, name in enumerate(DEFAULT_PATHS, 1)})
"""The path of each call under its number."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """*paths* are templates by the name of the call, *method* is that of ``authenticate``."""

    paths: Mapping[str, str]
    method: str
    actions: tuple[Action, ...] = ()

    def action(self, name: str) -> Action:
        """The action of this name; :class:`Refused` if it was not enrolled."""
        found = next((one for one in self.actions if one.row.name == name), None)
        if found is None:
            raise Refused(NOT_ENROLLED, f"the table has no action {quoted(name)}", where="fields.action")
        return found

    def check_key(self, *, has_key: bool) -> None:
        """Refuse a path with a place for a key that is not there: ``coinsoftworks.path-key``."""
        found = [path for path in self.paths.values() if paths.needs_key(path)]
        found += [one.row.name for one in self.actions if one.needs_key]
        if found and not has_key:
            raise BadInput(PATH_KEY, f"{quoted(found[0])} has a place for it", where="enrolment")


def encode(enrolled: Enrolled) -> bytes:
    """As :attr:`ServiceAccount.settings`; :func:`of` gives it back."""
    named = {_KEYS[name]: path for name, path in enrolled.paths.items()}
    return cbor.encode({1: named, 2: enrolled.method, 3: tables.encode(enrolled.actions)})


def of(account: ServiceAccount) -> Enrolled:
    """What was enrolled with *account*."""
    return _of(account.settings)


@lru_cache(maxsize=8)
def _of(settings: bytes) -> Enrolled:
    """Remembered: each item of a request is checked, shown and built by the same table."""
    reader = MapReader(cbor.decode(settings), "settings")
    inner = reader.inner(1, "paths")
    found = {name: str(paths.CALL.read(inner.value(key, name), inner.path(name))) for name, key in _KEYS.items()}
    inner.done()
    method = str(output.METHOD.read(reader.value(2, "method"), reader.path("method")))
    enrolled = Enrolled(MappingProxyType(found), method, tables.decode(reader.value(3, "actions"), "settings"))
    reader.done()
    return enrolled
