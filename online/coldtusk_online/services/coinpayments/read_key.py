"""Keys of CoinPayments that only read, enrolled on this half if the operator says so; in one file of mode 0600.

Such a key asks without burning what the signing key has under way (facts: Failure rules). It must have no other
permission at the service: here it signs commands that read and nothing else, but whoever steals the file is not bound
by that.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from coldtusk_online import json_strict
from coldtusk_online.json_strict import Json
from coldtusk_online.webhooks.secrets import Secret
from coldtusk_shared import files, limits
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.file_errors import place
from coldtusk_shared.file_system import OS_FILES, FileSystem
from coldtusk_shared.services.coinpayments.content import check_key
from coldtusk_shared.text import check_label, quoted

KNOWN = Code("coinpayments.read-key-known", "`coinpayments read-key remove` the old one first")
UNKNOWN = Code("coinpayments.read-key-unknown", "`coinpayments read-key add` enrols one, if you want one here")
SIGNING = Code("coinpayments.read-key-signs", "make another key at the service, with permission to read alone")
MALFORMED = Code("coinpayments.read-keys", "move the file away and enrol the keys again")

_VERSION: Final = 1
_NAMES: Final = frozenset({"public", "private", "nonce"})


@dataclass(frozen=True, slots=True)
class ReadKey:
    """A key pair, and the last nonce that was used with it."""

    public: str
    private: Secret = field(repr=False)
    nonce: int = 0


@dataclass(frozen=True, slots=True)
class ReadKeys:
    """All that are enrolled in the file *path*, each under the label of the account whose signing key is elsewhere."""

    path: Path
    fs: FileSystem = OS_FILES

    def load(self) -> dict[str, ReadKey]:
        """The keys by label; none if there is no file.

        :raises BadInput: ``coinpayments.read-keys``, and what :func:`files.read_input` raises.
        """
        if not files.exists(self.path, self.fs):
            return {}
        data = files.read_input(self.path, limits.COINPAYMENTS_READ_KEYS_BYTES, self.fs)
        try:
            return _parsed(json_strict.decode(data))
        except BadInput:  # its own words could quote the file
            raise BadInput(MALFORMED, "this is no file of keys that read", where=place(self.path)) from None

    def add(self, label: str, key: ReadKey, signing: bytes) -> None:
        """Enrol *key* for the account *label*, whose *signing* key it must not be; durably.

        :raises Refused: ``coinpayments.read-key-known``, ``coinpayments.read-key-signs``.
        """
        if key.public.encode() == signing:
            raise Refused(SIGNING, "this is the key that the device signs with", where=label)
        with files.exclusive(self.path.parent, self.fs):
            known = self.load()
            if label in known:
                raise Refused(KNOWN, f"a key for {quoted(label)} is enrolled", where=label)
            self._write({**known, label: key})

    def remove(self, label: str) -> None:
        """Forget the key of *label*, durably.

        :raises BadInput: ``coinpayments.read-key-unknown``.
        """
        with files.exclusive(self.path.parent, self.fs):
            known = self.load()
            _find(known, label)
            self._write({name: key for name, key in known.items() if name != label})

    def take(self, label: str, now_ms: int) -> ReadKey:
        """The key of *label* with a nonce that no other call has: the time in milliseconds, or one above the last.

        The nonce is on disk when this returns. :raises BadInput: ``coinpayments.read-key-unknown``.
        """
        with files.exclusive(self.path.parent, self.fs):
            known = self.load()
            old = _find(known, label)
            key = replace(old, nonce=max(old.nonce + 1, now_ms))
            self._write({**known, label: key})
        return key

    def _write(self, keys: Mapping[str, ReadKey]) -> None:
        rows = {
            label: {"public": key.public, "private": key.private.reveal(), "nonce": key.nonce}
            for label, key in keys.items()
        }
        data = json.dumps({"version": _VERSION, "keys": rows}, indent=1).encode() + b"\n"
        files.replace(self.path, data, self.fs)


def _find(keys: Mapping[str, ReadKey], label: str) -> ReadKey:
    if label not in keys:
        raise BadInput(UNKNOWN, f"no key that reads is enrolled for {quoted(label)}", where=label)
    return keys[label]


def _parsed(document: Json) -> dict[str, ReadKey]:
    if not isinstance(document, dict) or document.keys() != {"version", "keys"} or document["version"] != _VERSION:
        raise BadInput(MALFORMED, "not version 1")
    rows = document["keys"]
    if not isinstance(rows, dict):
        raise BadInput(MALFORMED, "not a table of keys")
    return {check_label(label, "label"): _key(row) for label, row in rows.items()}


def _key(row: Json) -> ReadKey:
    if not isinstance(row, dict) or row.keys() != _NAMES:
        raise BadInput(MALFORMED, "not a key")
    public, private, nonce = row["public"], row["private"], row["nonce"]
    if not isinstance(public, str) or not isinstance(private, str) or type(nonce) is not int:
        raise BadInput(MALFORMED, "not a key")
    if not 0 <= nonce <= limits.COINPAYMENTS_FIRST_NONCE:
        raise BadInput(MALFORMED, "not a nonce")
    return ReadKey(check_key(public, "public"), Secret(private, "private"), nonce)
