"""The secrets' file: strict, private, and silent."""

import copy
import hashlib
import json
import pickle
from pathlib import Path

import pytest

from coldtusk_online.webhooks import secrets
from coldtusk_online.webhooks.notice import Service
from coldtusk_online.webhooks.secrets import Secret, Secrets
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, ColdtuskError, Refused

_CANARY = "canary secret"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file stands, in a private folder."""
    folder = tmp_path / "data"
    folder.mkdir(0o700)
    return folder / "webhook-secrets.json"


def _code(error: type[ColdtuskError], path: Path, account: str, secret: str = _CANARY) -> str:
    with pytest.raises(error) as caught:
        secrets.add(path, Service.COINPAYMENTS, account, Secret(secret, "test"))
    assert _CANARY not in caught.value.line()
    return caught.value.code.name


def test_round_trip(path: Path) -> None:
    """Enrolled, read again, removed; the file is this user's alone all the time."""
    assert Secrets() == secrets.load(path)
    secrets.add(path, Service.COINPAYMENTS, "m1", Secret(_CANARY, "test"))
    secrets.add(path, Service.COINRPC, "hot 1", Secret("other", "test"))
    assert 0o600 == path.stat().st_mode & 0o777
    loaded = secrets.load(path)
    assert (_CANARY, "other") == (
        loaded.of(Service.COINPAYMENTS)["m1"].reveal(),
        loaded.of(Service.COINRPC)["hot 1"].reveal(),
    )
    secrets.remove(path, Service.COINPAYMENTS, "m1")
    assert {} == secrets.load(path).of(Service.COINPAYMENTS)
    assert ["hot 1"] == list(secrets.load(path).of(Service.COINRPC))
    assert 0o600 == path.stat().st_mode & 0o777
    assert _CANARY.encode() not in path.read_bytes()


@pytest.mark.parametrize(
    "text", ["", " ", " a", "a ", "a\n", "\na", "a\r\n", "a\tb", "a\nb", "a\0", "a\u00a0", "\u200ba", "\ud800"]
)
def test_stray_whitespace(text: str) -> None:
    """webhooks.secret: empty, or with what a copy or an editor adds."""
    with pytest.raises(BadInput) as caught:
        Secret(text, "test")
    assert "webhooks.secret" == caught.value.code.name


def test_cap_on_a_secret() -> None:
    """WEBHOOK_SECRET_BYTES of UTF-8 are taken, one more is not."""
    longest = "é" * (limits.WEBHOOK_SECRET_BYTES // 2)
    assert longest == Secret(longest, "test").reveal()
    with pytest.raises(BadInput) as caught:
        Secret(longest + "x", "test")
    assert "webhooks.secret" == caught.value.code.name


def test_nothing_shows_a_secret() -> None:
    """Not its repr, nor that of what holds it; it is neither copied nor pickled."""
    secret = Secret(_CANARY, "test")
    held = Secrets({Service.COINRPC: {"w": secret}})
    for shown in (repr(secret), str(secret), f"{secret}", repr(held), repr({"a": [secret]})):
        assert "canary" not in shown
    for copier in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(RuntimeError):
            copier(secret)


def test_fingerprint() -> None:
    """The first 8 bytes of SHA-256 over a domain and the secret."""
    assert hashlib.sha256(b"coldtusk/v1/webhook-secret\0canary secret").digest()[:8].hex() == (
        Secret(_CANARY, "test").fingerprint
    )


@pytest.mark.parametrize("account", ["", " m", "m ", "a/b", "a:b", "a%b", "a?b", "a#b", "é", "a\n", "x" * 129])
def test_bad_account(path: Path, account: str) -> None:
    """webhooks.account: what could not stand in a path or a value."""
    assert "webhooks.account" == _code(BadInput, path, account)


def test_known(path: Path) -> None:
    """webhooks.secret-known: nothing is overwritten."""
    secrets.add(path, Service.COINPAYMENTS, "m1", Secret("old", "test"))
    assert "webhooks.secret-known" == _code(Refused, path, "m1")
    assert "old" == secrets.load(path).of(Service.COINPAYMENTS)["m1"].reveal()


def test_unknown(path: Path) -> None:
    """webhooks.secret-unknown."""
    with pytest.raises(BadInput) as caught:
        secrets.remove(path, Service.COINPAYMENTS, "m1")
    assert "webhooks.secret-unknown" == caught.value.code.name


def test_cap_on_secrets(path: Path) -> None:
    """WEBHOOK_SECRETS of one service are taken: webhooks.secrets-many for a further one."""
    for number in range(limits.WEBHOOK_SECRETS):
        secrets.add(path, Service.COINPAYMENTS, f"m{number}", Secret("s", "test"))
    assert "webhooks.secrets-many" == _code(Refused, path, "more")


@pytest.mark.parametrize(
    "content",
    [
        "no json",
        "[]",
        "{}",
        '{"version": 2}',
        '{"version": "1"}',
        '{"version": 1, "other": {}}',
        '{"version": 1, "coinrpc": []}',
        '{"version": 1, "coinrpc": {"w": 1}}',
        '{"version": 1, "coinrpc": {"w": "canary "}}',
        '{"version": 1, "coinrpc": {"a/b": "canary"}}',
        '{"version": 1, "coinrpc": {"w": "canary", "w": "canary"}}',
        json.dumps({"version": 1, "coinrpc": {f"w{n}": "canary" for n in range(limits.WEBHOOK_SECRETS + 1)}}),
    ],
)
def test_malformed(path: Path, content: str) -> None:
    """webhooks.secrets-malformed, and nothing of the file in the error or its causes."""
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        secrets.load(path)
    assert "webhooks.secrets-malformed" == caught.value.code.name
    assert caught.value.__cause__ is None
    assert "canary" not in caught.value.line()


def test_cap_on_the_file(path: Path) -> None:
    """A file above WEBHOOK_SECRETS_BYTES is not read; one of that size is."""
    head = b'{"version": 1}'
    path.write_bytes(head.ljust(limits.WEBHOOK_SECRETS_BYTES))
    assert Secrets({}) == secrets.load(path)
    path.write_bytes(head.ljust(limits.WEBHOOK_SECRETS_BYTES + 1))
    with pytest.raises(BadInput) as caught:
        secrets.load(path)
    assert "file.too-large" == caught.value.code.name
