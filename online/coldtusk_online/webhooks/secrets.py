"""The secrets that notifications are verified with. They can move no money; they rest in one file of mode 0600.

Whoever steals them can forge notifications: a CoinPayments notice is believed, a CoinRPC one is not before a signed
query agrees.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn

from coldtusk_online import json_strict
from coldtusk_online.json_strict import Json
from coldtusk_online.webhooks.notice import Service
from coldtusk_shared import files, limits
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.file_errors import place
from coldtusk_shared.file_system import OS_FILES, FileSystem

BAD_SECRET = Code("webhooks.secret", "copy it again from the service's page; a file must not end in a line break")
BAD_ACCOUNT = Code("webhooks.account", "write the merchant id or the wallet's name as the service writes it")
KNOWN = Code("webhooks.secret-known", "`webhooks secret remove` the old one first")
UNKNOWN = Code("webhooks.secret-unknown", "`webhooks secret list` shows what is enrolled")
TOO_MANY = Code("webhooks.secrets-many", "remove one that is not needed any more")
MALFORMED = Code("webhooks.secrets-malformed", "move the file away and enrol the secrets again")

_VERSION: Final = 1
_FINGERPRINT_DOMAIN: Final = b"coldtusk/v1/webhook-secret\x00"
_ACCOUNT: Final = re.compile(r"[!-~]([ -~]{0,126}[!-~])?")
"""Printable ASCII without blanks at its ends."""
_NOT_IN_ACCOUNT: Final = frozenset("/:%?#")
"""What could not stand in our path, or in a value of CoinRPC."""


class Secret:
    """A secret that nothing shows: its repr is empty, and :meth:`reveal` is the only way to it."""

    __slots__ = ("_text",)

    def __init__(self, text: str, where: str) -> None:
        """Take *text*.

        :raises BadInput: ``webhooks.secret`` if it is empty or too long, or has a blank at an end, a line break, a tab.
        """
        if not text or text != text.strip() or not text.isprintable():
            raise BadInput(BAD_SECRET, "it is empty, or has a blank at an end, or what cannot be printed", where=where)
        if len(text.encode()) > limits.WEBHOOK_SECRET_BYTES:
            raise BadInput(BAD_SECRET, f"more than {limits.WEBHOOK_SECRET_BYTES} bytes", where=where)
        self._text = text

    def __repr__(self) -> str:
        return "Secret()"

    def __reduce__(self) -> NoReturn:
        raise RuntimeError("a secret is not copied or pickled")

    def reveal(self) -> str:
        """The secret itself."""
        return self._text

    @property
    def fingerprint(self) -> str:
        """16 hex digits that tell two secrets apart."""
        return hashlib.sha256(_FINGERPRINT_DOMAIN + self._text.encode()).hexdigest()[:16]


SecretsOf = Mapping[str, Secret]
"""Secrets by merchant or wallet."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """All that are enrolled."""

    by_service: Mapping[Service, SecretsOf] = field(default_factory=dict)

    def of(self, service: Service) -> SecretsOf:
        """Those of *service*."""
        return self.by_service.get(service, {})


def load(path: Path, fs: FileSystem = OS_FILES) -> Secrets:
    """The secrets in the file *path*; none if there is no file.

    :raises BadInput: ``webhooks.secrets-malformed``, and what :func:`files.read_input` raises.
    """
    if not files.exists(path, fs):
        return Secrets()
    data = files.read_input(path, limits.WEBHOOK_SECRETS_BYTES, fs)
    try:
        return _parsed(json_strict.decode(data))
    except BadInput:  # its own words could quote the file
        raise BadInput(MALFORMED, "this is no file of webhook secrets", where=place(path)) from None


def add(path: Path, service: Service, account: str, secret: Secret, fs: FileSystem = OS_FILES) -> None:
    """Enrol *secret* for *account*, durably.

    :raises BadInput: ``webhooks.account``.
    :raises Refused: ``webhooks.secret-known``, ``webhooks.secrets-many``.
    """
    _check_account(account, "account")
    with files.exclusive(path.parent, fs):
        secrets = load(path, fs)
        old = secrets.of(service)
        if account in old:
            raise Refused(KNOWN, f"a secret of {account} is enrolled", where=service.value)
        if len(old) == limits.WEBHOOK_SECRETS:
            raise Refused(TOO_MANY, f"{len(old)} are enrolled, the most", where=service.value)
        _write(path, secrets, service, {**old, account: secret}, fs)


def remove(path: Path, service: Service, account: str, fs: FileSystem = OS_FILES) -> None:
    """Forget the secret of *account*, durably.

    :raises BadInput: ``webhooks.secret-unknown``.
    """
    with files.exclusive(path.parent, fs):
        secrets = load(path, fs)
        left = dict(secrets.of(service))
        if left.pop(account, None) is None:
            raise BadInput(UNKNOWN, "no secret of this name is enrolled", where=service.value)
        _write(path, secrets, service, left, fs)


def _write(path: Path, old: Secrets, service: Service, of_service: SecretsOf, fs: FileSystem) -> None:
    whole = {**old.by_service, service: of_service}
    document: dict[str, object] = {"version": _VERSION}
    for one, secrets in whole.items():
        document[one.value] = {account: secret.reveal() for account, secret in secrets.items()}
    files.replace(path, json.dumps(document, indent=1).encode() + b"\n", fs)


def _parsed(document: Json) -> Secrets:
    if not isinstance(document, dict) or document.get("version") != _VERSION:
        raise BadInput(MALFORMED, "not version 1")
    known = {service.value: service for service in Service}
    if not document.keys() <= {"version", *known}:
        raise BadInput(MALFORMED, "an unknown key")
    return Secrets({known[name]: _of_service(values) for name, values in document.items() if name in known})


def _of_service(values: Json) -> SecretsOf:
    if not isinstance(values, dict) or len(values) > limits.WEBHOOK_SECRETS:
        raise BadInput(MALFORMED, "not a table of secrets")
    secrets = {}
    for account, text in values.items():
        if not isinstance(text, str):
            raise BadInput(MALFORMED, "not a text")
        secrets[_check_account(account, "account")] = Secret(text, "secret")
    return secrets


def _check_account(account: str, where: str) -> str:
    if not _ACCOUNT.fullmatch(account) or _NOT_IN_ACCOUNT.intersection(account):
        raise BadInput(BAD_ACCOUNT, "not 1 to 128 printable characters without blanks at the ends", where=where)
    return account
