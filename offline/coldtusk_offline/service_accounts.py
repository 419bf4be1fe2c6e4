"""Accounts at payment services: what the vault keeps of one, and the fingerprint that is shown of its secrets."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from coldtusk_offline.secret import Secret
from coldtusk_shared import cbor, limits, services
from coldtusk_shared.cbor import Encodable
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.mapreader import WRONG_LENGTH, WRONG_TYPE, MapReader
from coldtusk_shared.text import check_label

STRAY = Code("secret.stray", "give the secret alone: no blank, line or other character before, in or behind it")
LENGTH = Code("secret.length", "give the whole secret, as the service shows it")
KNOWN = Code("secret.known", "`coldtusk-offline secret list` shows it: remove it first, or choose another label")
UNKNOWN = Code("secret.unknown", "`coldtusk-offline secret list` shows what this device holds")

_DOMAIN = b"coldtusk/v1/secret-fingerprint\0"
_FINGERPRINT_BYTES = 8
_SECRETS = 2


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """An account at one *system*: *account* is what items name, 1 to 64 bytes.

    *secrets* are the system's, in its own order. *settings* is a canonical CBOR map of what else was enrolled.
    """

    system: str
    account: bytes
    label: str
    secrets: tuple[Secret, ...]
    settings: bytes

    @property
    def key(self) -> tuple[str, bytes]:
        """What is unique of it in a vault."""
        return self.system, self.account


def check_secret(text: str, where: str) -> Secret:
    """The secret in *text*, or :class:`BadInput`: a blank or a line end that came along would make every MAC wrong.

    :raises BadInput: ``secret.length``, ``secret.stray``; never with any of the text.
    """
    data = text.encode("utf-8", "surrogatepass")
    least, most = limits.SERVICE_SECRET_BYTES
    if not text.isprintable() or any(character.isspace() for character in text):
        raise BadInput(STRAY, "there is a blank, a line end or an invisible character in it", where=where)
    if not least <= len(data) <= most:
        raise BadInput(LENGTH, f"{len(data)} bytes, not {least} to {most}", where=where)
    return Secret(data)


def fingerprint(system: str, secret: Secret) -> str:
    """Eight bytes in hex that tell two secrets apart, and nothing of a secret that cannot be guessed."""
    digest = hashlib.sha256(_DOMAIN + system.encode() + b"\0" + secret.reveal()).digest()
    return digest[:_FINGERPRINT_BYTES].hex(" ", 2)


def find(accounts: Iterable[ServiceAccount], system: str, account: bytes, where: str = "account") -> ServiceAccount:
    """The account that an item names; :class:`BadInput` if this vault does not hold it."""
    found = next((one for one in accounts if one.key == (system, account)), None)
    if found is None:
        raise BadInput(UNKNOWN, f"no such account at {system} on this device", where=where)
    return found


def labelled(accounts: Iterable[ServiceAccount], label: str) -> ServiceAccount:
    """The account with this label."""
    found = next((one for one in accounts if one.label == label), None)
    if found is None:
        raise Refused(UNKNOWN, "no account at a service has this label", where="LABEL")
    return found


def check(accounts: tuple[ServiceAccount, ...]) -> None:
    """Refuse one that stands twice, by what items name or by its label."""
    if len({one.key for one in accounts}) != len(accounts) or len({one.label for one in accounts}) != len(accounts):
        raise Refused(KNOWN, "an account at a service stands twice")


def encode(account: ServiceAccount) -> dict[int, Encodable]:
    """As the vault keeps it."""
    return {
        1: account.system,
        2: account.account,
        3: account.label,
        4: [secret.reveal() for secret in account.secrets],
        5: account.settings,
    }


def decode(reader: MapReader) -> ServiceAccount:
    """One of the vault; the settings are read by the system's own rules when they are used."""
    account = ServiceAccount(
        system=reader.choice(1, "system", services.names()),
        account=_octets(reader, 2, "account", limits.ACCOUNT_BYTES),
        label=check_label(reader.value(3, "label"), reader.path("label")),
        secrets=tuple(_secret(value, reader) for value in reader.array(4, "secrets", _SECRETS, 1)),
        settings=_octets(reader, 5, "settings", limits.SERVICE_SETTINGS_BYTES),
    )
    cbor.decode(account.settings)
    return account


def _secret(value: object, reader: MapReader) -> Secret:
    if type(value) is not bytes:
        raise BadInput(WRONG_TYPE, "not a byte string", where=reader.path("secrets"))
    return Secret(value)


def _octets(reader: MapReader, key: int, name: str, most: int) -> bytes:
    value = reader.value(key, name)
    if type(value) is not bytes:
        raise BadInput(WRONG_TYPE, "not a byte string", where=reader.path(name))
    if not 1 <= len(value) <= most:
        raise BadInput(WRONG_LENGTH, f"{len(value)} bytes, not 1 to {most}", where=reader.path(name))
    return value
