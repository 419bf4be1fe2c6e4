"""Keys that only read: nothing else is asked with them, their nonces only rise, their file is for nobody else."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_online.http import HttpClient, tls_context
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.rehearsal.payments import FaultKind
from coldtusk_online.services.coinpayments import asking
from coldtusk_online.services.coinpayments.asking import Question
from coldtusk_online.services.coinpayments.read_key import ReadKey, ReadKeys
from coldtusk_online.webhooks.secrets import Secret
from coldtusk_shared import limits
from coldtusk_shared.envelope import KeyId
from coldtusk_shared.errors import BadInput, ColdtuskError, OutcomeUnknown, Refused
from coldtusk_shared.services.coinpayments.commands import COMMANDS
from tests.simulators.call_house import CallHouse, call_house
from tests.simulators.online_house import NOW

LABEL = "trading"
KEY = ReadKey("read_key_1", Secret("Canary-READ-word", "test"))
SIGNING = b"signing_key"


@pytest.fixture
def keys(tmp_path: Path) -> ReadKeys:
    """No key yet."""
    return ReadKeys(tmp_path / "keys.json")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[CallHouse]:
    """An online half, and the service with a key that reads."""
    with call_house(tmp_path) as made:
        yield made


def code_of(act: object, *arguments: object) -> str:
    """The code of the refusal."""
    assert callable(act)
    with pytest.raises(ColdtuskError) as caught:
        act(*arguments)
    return caught.value.code.name


def test_it_comes_back(keys: ReadKeys) -> None:
    """From a file of mode 0600 that its representation does not show."""
    assert {} == keys.load()
    keys.add(LABEL, KEY, SIGNING)
    (found,) = keys.load().values()
    assert (KEY.public, KEY.private.reveal(), 0) == (found.public, found.private.reveal(), found.nonce)
    assert 0o600 == stat.S_IMODE(keys.path.stat().st_mode)
    assert "Canary" in keys.path.read_text()
    assert "Canary" not in repr(found) + repr(keys)


def test_one_key_an_account(keys: ReadKeys) -> None:
    """And never the one that the device signs with."""
    assert "coinpayments.read-key-signs" == code_of(keys.add, LABEL, KEY, KEY.public.encode())
    keys.add(LABEL, KEY, SIGNING)
    assert "coinpayments.read-key-known" == code_of(keys.add, LABEL, KEY, SIGNING)
    keys.remove(LABEL)
    assert {} == keys.load()
    assert "coinpayments.read-key-unknown" == code_of(keys.remove, LABEL)
    assert "coinpayments.read-key-unknown" == code_of(keys.take, LABEL, 1)


def test_nonces_rise_whatever_the_clock_does(keys: ReadKeys) -> None:
    """The time in milliseconds, or one above the last, on disk before it is used."""
    keys.add(LABEL, KEY, SIGNING)
    taken = [keys.take(LABEL, now).nonce for now in (1_000, 1_000, 500, 2_000)]
    assert [1_000, 1_001, 1_002, 2_000] == taken
    assert 2_000 == keys.load()[LABEL].nonce


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"version": 2, "keys": {}}',
        '{"version": 1, "keys": []}',
        '{"version": 1, "keys": {}, "more": 1}',
        '{"version": 1, "keys": {"a": {"public": "p", "private": "s"}}}',
        '{"version": 1, "keys": {"a": {"public": "p", "private": "s", "nonce": "1"}}}',
        '{"version": 1, "keys": {"a": {"public": "p", "private": 5, "nonce": 1}}}',
        '{"version": 1, "keys": {"a": {"public": "p q", "private": "s", "nonce": 1}}}',
        '{"version": 1, "keys": {"a": {"public": "p", "private": "s\\n", "nonce": 1}}}',
        '{"version": 1, "keys": {"a": {"public": "p", "private": "s", "nonce": -1}}}',
        '{"version": 1, "keys": {" a": {"public": "p", "private": "s", "nonce": 1}}}',
        "secret-canary",
    ],
)
def test_a_file_of_something_else(text: str, keys: ReadKeys) -> None:
    """Refused whole, without a word of it."""
    keys.path.write_text(text)
    with pytest.raises(BadInput) as caught:
        keys.load()
    assert "coinpayments.read-keys" == caught.value.code.name
    assert "canary" not in caught.value.line()


def test_a_file_that_is_too_long(keys: ReadKeys) -> None:
    """COINPAYMENTS_READ_KEYS_BYTES."""
    keys.path.write_bytes(bytes(limits.COINPAYMENTS_READ_KEYS_BYTES + 1))
    assert "file.too-large" == code_of(keys.load)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_only_what_reads_can_be_asked(name: str) -> None:
    """A question about anything else cannot be made."""
    command = COMMANDS[name]
    if command.risk.value == "reads":
        assert Question(command, {}).command is command
        return
    with pytest.raises(Refused) as caught:
        Question(command, {})
    assert "coinpayments.only-reads" == caught.value.code.name


def asked(home: CallHouse, nonce: int, name: str = "balances", private: str = "") -> asking.Asked:
    """The answer of the stand-in to the key that reads."""
    held = home.services.credentials
    key = ReadKey(held.coinpayments_read_public, Secret(private or held.coinpayments_read_private, "test"), nonce)
    account = ServiceAccount("coinpayments", home.key.encode(), LABEL, KeyId(bytes(16)))
    way = home.way(account)
    return asking.ask(way.http, way.settings, account, key, Question(COMMANDS[name], {}))


def test_the_service_takes_it(home: CallHouse) -> None:
    """By TLS, with the HMAC of the exact body, and without burning anything of the signing key."""
    assert isinstance(asked(home, 1000 * NOW).result, dict)
    held = home.services.credentials
    assert 1000 * NOW == home.services.coinpayments.last_nonce(held.coinpayments_read_public)
    assert home.services.coinpayments.last_nonce(held.coinpayments_public) is None


def test_the_service_says_no(home: CallHouse) -> None:
    """A wrong key, a nonce that was used: refused, in the service's words."""
    assert "coinpayments.refused" == code_of(asked, home, 5, "balances", "Another-word-entirely")
    asked(home, 7)
    assert "coinpayments.refused" == code_of(asked, home, 7)


@pytest.mark.parametrize("kind", [FaultKind.HTML, FaultKind.DUPLICATE_KEYS, FaultKind.REPLY_LOST, FaultKind.CUT])
def test_no_answer_is_no_unknown_outcome(kind: FaultKind, home: CallHouse) -> None:
    """It only reads: whoever asks again does no harm."""
    home.services.faults.arm(kind, "/api.php")
    with pytest.raises(ColdtuskError) as caught:
        asked(home, 7)
    assert not isinstance(caught.value, OutcomeUnknown)
    assert 5 == caught.value.exit_status
    if kind in (FaultKind.HTML, FaultKind.DUPLICATE_KEYS):
        assert "coinpayments.answer" == caught.value.code.name


def test_it_goes_by_tls_to_the_known_authority_alone(home: CallHouse) -> None:
    """With the system's authorities the stand-in is nobody."""
    account = ServiceAccount("coinpayments", home.key.encode(), LABEL, KeyId(bytes(16)))
    way = home.way(account)
    strange = HttpClient(tls_context())
    question = Question(COMMANDS["balances"], {})
    assert "http.certificate" == code_of(asking.ask, strange, way.settings, account, KEY, question)
