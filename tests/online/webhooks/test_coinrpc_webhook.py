"""CoinRPC webhooks: a weak hash, and what is refused so that it says something."""

import json
from itertools import combinations
from typing import Any
from urllib.parse import quote

import pytest

from coldtusk_online.services.coinrpc import webhook
from coldtusk_online.services.coinrpc.webhook import EVENTS
from coldtusk_online.webhooks.notice import Notice, State
from coldtusk_online.webhooks.secrets import Secret
from coldtusk_shared.errors import BadInput, ColdtuskError, Refused
from tests.boundary.source_tree import TESTS
from tests.online.webhooks.receiver import RECEIVE, WALLET, WALLET_SECRET, encode, verify_hash
from tests.online.webhooks.receiver import webhook as body_of

_VECTORS = {
    row["name"]: row
    for row in json.loads((TESTS / "vectors" / "payments" / "coinrpc_webhooks.json").read_text("utf-8"))["vectors"]
}
_HELD = {WALLET: Secret(WALLET_SECRET, "test")}
_SEND = {**RECEIVE, "event": "SEND", "comment": "", "network_fee": "0.0001", "sender": "1Abc"}


def _refused(error: type[ColdtuskError], body: bytes, held: dict[str, Secret] | None = None) -> str:
    with pytest.raises(error) as caught:
        webhook.verify(body, [], held or _HELD)
    assert "canary" not in caught.value.line()
    return caught.value.code.name


def _signed(fields: dict[str, str], **after: str) -> bytes:
    """*fields* with their right hash, and then changed."""
    return encode({**fields, "verify_hash": verify_hash(fields), **after})


@pytest.mark.parametrize("row", _VECTORS.values(), ids=_VECTORS)
def test_recorded_hashes(row: dict[str, Any]) -> None:
    """The service's own way to the hash."""
    assert row["hash"] == webhook.verify_hash(row["params"], row["secret"]).hex()
    assert row["hash"] == verify_hash(row["params"], row["secret"])


def test_the_documents_example() -> None:
    """Its hash is right and it has no event: webhooks.event."""
    row = _VECTORS["doc"]
    body = encode({**row["params"], "verify_hash": row["hash"]})
    assert "webhooks.event" == _refused(BadInput, body, {WALLET: Secret(row["secret"], "test")})


def test_renamed_field_collision() -> None:
    """Two sets of names with one hash: both are refused, as every set that is not the event's."""
    row = _VECTORS["renamed_field_collision"]
    assert webhook.verify_hash(row["params"], row["secret"]) == webhook.verify_hash(row["other"], row["secret"])
    for params in (row["params"], row["other"]):
        assert "webhooks.event" == _refused(BadInput, encode({**params, "verify_hash": row["hash"]}))
    renamed = {"hee" if name == "guid" else name: value for name, value in RECEIVE.items()}
    assert verify_hash(renamed) == webhook.verify_hash(renamed, WALLET_SECRET).hex()
    assert "webhooks.field-set" == _refused(BadInput, _signed(renamed))


def test_colon_collision() -> None:
    """The facts' example: a ":" moved over a border keeps the hash, so neither side is taken: webhooks.colon."""
    one = {"comment": "hi:BTC", "currency": "X"}
    other = {"comment": "hi", "currency": "BTC:X"}
    assert verify_hash(one) == verify_hash(other)
    for moved in (one, other):
        assert "webhooks.colon" == _refused(BadInput, _signed({**_SEND, **moved}))


@pytest.mark.parametrize("name", sorted(_SEND))
def test_no_colon_anywhere(name: str) -> None:
    """webhooks.colon: in no value."""
    assert "webhooks.colon" == _refused(BadInput, _signed({**_SEND, name: "a:b"}))


@pytest.mark.parametrize(("first", "second"), list(combinations(EVENTS, 2)))
def test_one_size_one_set(first: str, second: str) -> None:
    """Events with as many fields have the same fields: without ":" the joined text has one reading."""
    if len(EVENTS[first]) == len(EVENTS[second]):
        assert EVENTS[first] == EVENTS[second]


def _taken(body: bytes) -> Notice:
    return webhook.verify(body, [], _HELD)


def test_received() -> None:
    """A received payment stays unconfirmed."""
    notice = _taken(_signed(RECEIVE))
    assert (WALLET, RECEIVE["guid"], 0, State.UNCONFIRMED) == (
        notice.account,
        notice.subject,
        notice.status,
        notice.state,
    )
    assert bytes.fromhex(verify_hash(RECEIVE)) == notice.proof


@pytest.mark.parametrize("event", ["SEND", "SEND_CONFIRMED"])
def test_sent(event: str) -> None:
    """A sent one has three fields more; Tron has its own name for it."""
    fields = {**_SEND, "event": event, "status": "SUCCESS", "comment": "café €", "block_number": "7"}
    notice = _taken(_signed(fields))
    assert (1, RECEIVE["guid"]) == (notice.status, notice.reference)
    assert _taken(_signed(RECEIVE)).reference is None


def test_order_does_not_matter() -> None:
    """Names in any order: the hash sorts them."""
    turned = dict(reversed(RECEIVE.items()))
    assert _taken(_signed(turned)).dedupe == _taken(_signed(RECEIVE)).dedupe


@pytest.mark.parametrize("name", sorted(RECEIVE))
def test_missing_field(name: str) -> None:
    """webhooks.field-set: each field is needed; without the event nobody knows which."""
    fields = {key: value for key, value in RECEIVE.items() if key != name}
    assert ("webhooks.event" if name == "event" else "webhooks.field-set") == _refused(BadInput, _signed(fields))


@pytest.mark.parametrize("fields", [{**RECEIVE, "comment": "x"}, {**_SEND, "extra": ""}, {**_SEND, "event": "RECEIVE"}])
def test_further_field(fields: dict[str, str]) -> None:
    """webhooks.field-set: none more."""
    assert "webhooks.field-set" == _refused(BadInput, _signed(fields))


@pytest.mark.parametrize("event", ["receive", "RECEIVED", "", "SEND "])
def test_event(event: str) -> None:
    """webhooks.event: exactly one that is known."""
    assert "webhooks.event" == _refused(BadInput, _signed({**RECEIVE, "event": event}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "success"),
        ("status", "DONE"),
        ("status", ""),
        ("guid", ""),
        ("guid", "a b"),
        ("guid", "x" * 129),
        ("amount", ""),
        ("amount", "-1"),
        ("amount", "1e5"),
        ("amount", ".5"),
        ("amount", "NaN"),
        ("amount", "1,5"),
        ("amount", "١"),
        ("timestamp", ""),
        ("currency", ""),
    ],
)
def test_values(name: str, value: str) -> None:
    """webhooks.value: empty where it must not be, or not of its form."""
    assert "webhooks.value" == _refused(BadInput, _signed({**RECEIVE, name: value}))


@pytest.mark.parametrize("hash_", ["", "0" * 64, verify_hash(RECEIVE)[:-1], verify_hash(RECEIVE) + " ", "g" * 64])
def test_wrong_hash(hash_: str) -> None:
    """webhooks.hash: none, or not that of the secret."""
    assert "webhooks.hash" == _refused(Refused, encode({**RECEIVE, "verify_hash": hash_}))


@pytest.mark.parametrize("name", sorted(RECEIVE))
def test_changed_value(name: str) -> None:
    """Each value is covered by the hash."""
    changed = {"event": None, "wallet": None, "amount": "0.2", "status": "SUCCESS"}.get(name, RECEIVE[name] + "9")
    if changed is not None:
        assert "webhooks.hash" == _refused(Refused, _signed(RECEIVE, **{name: changed}))


def test_hash_twice() -> None:
    """webhooks.field-twice: a second hash, a second value."""
    for more in (f"&verify_hash={verify_hash(RECEIVE)}", "&amount=0.1", "&%61mount=9"):
        assert "webhooks.field-twice" == _refused(BadInput, _signed(RECEIVE) + more.encode())


def test_wallet() -> None:
    """webhooks.wallet: the wallet in the body is the one whose secret proves it."""
    crossed = {**RECEIVE, "wallet": "hot-2"}
    assert "webhooks.wallet" == _refused(Refused, _signed(crossed))
    assert "webhooks.wallet" == _refused(Refused, _signed(RECEIVE), {"hot-2": Secret(WALLET_SECRET, "test")})


def test_encoded_in_another_way() -> None:
    """The hash is of the values: a body escaped in another way is the same notice."""
    fields = {**_SEND, "comment": "a b~"}
    other = "&".join(
        f"{name}={quote(value).replace('%20', '+')}"
        for name, value in {**fields, "verify_hash": verify_hash(fields).upper()}.items()
    )
    assert _taken(_signed(fields)).dedupe == _taken(other.encode()).dedupe


def test_dedupe() -> None:
    """On wallet, guid and status."""
    first = _taken(body_of()).dedupe
    assert first == _taken(body_of(timestamp="1795000099")).dedupe
    assert 3 == len({first, _taken(body_of(status="SUCCESS")).dedupe, _taken(body_of(guid="other")).dedupe})
