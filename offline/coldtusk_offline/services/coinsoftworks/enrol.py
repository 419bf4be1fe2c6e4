"""Enrolling an account: the token, the account's API key if it has one, the paths, the table of actions."""

from dataclasses import replace
from types import MappingProxyType

from coldtusk_offline.enrolment import NO_TABLE, Ask
from coldtusk_offline.secret import Secret
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services.coinsoftworks import actions as tables
from coldtusk_offline.services.coinsoftworks import describe, enrolled
from coldtusk_offline.services.coinsoftworks.actions import Action
from coldtusk_offline.services.coinsoftworks.enrolled import Enrolled
from coldtusk_shared import limits
from coldtusk_shared.cbor import Value
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.screen import render
from coldtusk_shared.services.coinsoftworks import output, paths
from coldtusk_shared.services.coinsoftworks.commands import DEFAULT_PATHS
from coldtusk_shared.services.coinsoftworks.content import ACCOUNT_BYTES, SYSTEM

TOKEN_FORM = Code(
    "coinsoftworks.token-form", "give the Simple Access Token: it starts with 1_ (the API key is asked for behind it)"
)
KEY_FORM = Code("coinsoftworks.key-form", "give the account's API key, in ASCII; the token is another secret")
TABLE_SIZE = Code("coinsoftworks.table-size", "shorten the table: an account keeps 32 KiB besides its secrets")

_TOKEN_START = b"1_"
"""The service's document, Authentication. Nothing measured speaks against it, and it tells the two secrets apart."""
_TOLD = """The Simple Access Token is sent as it is, and the paired host sends it: whenever
you approve an authenticate, that host sees it. This device gives approval, not
secrecy. Keep little money in the account at the service."""


def enrol(label: str, ask: Ask) -> ServiceAccount:
    """Ask for everything, show it, and make the account: its name towards the host is random.

    :raises BadInput: ``coinsoftworks.token-form``, ``.key-form``, ``.path``, ``.path-key``, and what tables raise.
    """
    ask.show(_TOLD)
    token = _token(ask.secret("simple access token (it starts with 1_)"))
    key = ask.secret("account API key, if the paths need one", optional=True)
    if key is not None:
        _check_key(key, token)
    found = Enrolled(_paths(ask, has_key=key is not None), _method(ask), _actions(ask.table()))
    secrets = (token,) if key is None else (token, key)
    account = ServiceAccount(SYSTEM, ask.random(ACCOUNT_BYTES), label, secrets, b"")
    return _with(account, found, ask)


def change(account: ServiceAccount, ask: Ask) -> ServiceAccount:
    """*account* with the table of actions that is named now, in place of its old one."""
    data = ask.table()
    if data is None:
        raise Refused(NO_TABLE, "no table was named", where="--table")
    return _with(account, replace(enrolled.of(account), actions=_actions(data)), ask)


def _with(account: ServiceAccount, found: Enrolled, ask: Ask) -> ServiceAccount:
    found.check_key(has_key=len(account.secrets) > 1)
    settings = enrolled.encode(found)
    if len(settings) > limits.SERVICE_SETTINGS_BYTES:
        raise BadInput(TABLE_SIZE, f"{len(settings)} bytes", where="--table")
    ask.show(render(describe.enrolment(found)))
    return replace(account, settings=settings)


def _token(given: Secret | None) -> Secret:
    if given is None:
        raise RuntimeError("a secret that is not optional was not given")
    if not given.reveal().isascii() or not given.reveal().startswith(_TOKEN_START):
        raise BadInput(TOKEN_FORM, "this is not such a token", where="simple access token")
    return given


def _check_key(key: Secret, token: Secret) -> None:
    if not key.reveal().isascii() or key == token:
        raise BadInput(KEY_FORM, "this is not such a key", where="account API key")


def _paths(ask: Ask, *, has_key: bool) -> MappingProxyType[str, str]:
    """Each path; the default is the document's, without the key's place where there is no key."""
    found = {}
    for name, default in DEFAULT_PATHS.items():
        offered = default if has_key else default.removesuffix(f"/{paths.KEY_PLACE}")
        found[name] = str(paths.CALL.parse(ask.line(f"path of {name}", offered), f"path of {name}"))
    return MappingProxyType(found)


def _method(ask: Ask) -> str:
    """The document says POST in words and shows GET in its example."""
    prompt = f"method of authenticate ({' or '.join(output.METHODS)})"
    typed: Value = ask.line(prompt, output.METHODS[0]).upper()
    return str(output.METHOD.read(typed, "method of authenticate"))


def _actions(data: bytes | None) -> tuple[Action, ...]:
    return () if data is None else tables.of_toml(data, "--table")
