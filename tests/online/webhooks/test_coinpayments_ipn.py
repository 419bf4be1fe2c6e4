"""CoinPayments IPN: the MAC of the raw bytes, then merchant, mode, ids and status."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlencode

import pytest

from coldtusk_online.services.coinpayments import webhook
from coldtusk_online.webhooks.notice import STANDINGS, Notice, Service, State
from coldtusk_online.webhooks.secrets import Secret
from coldtusk_shared.errors import BadInput, ColdtuskError, Refused
from tests.boundary.source_tree import TESTS
from tests.online.webhooks.receiver import IPN_SECRET, MERCHANT, ipn, mac
from tests.simulators.programs import node

_VECTORS = json.loads((TESTS / "vectors" / "payments" / "coinpayments_ipn.json").read_text(encoding="utf-8"))
_HELD = {MERCHANT: Secret(IPN_SECRET, "test")}
_NODE = """
const crypto = require('crypto');
const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(asked.map(([secret, body]) =>
  crypto.createHmac('sha512', secret).update(Buffer.from(body, 'hex')).digest('hex'))));
"""


def _verify(body: bytes, *proofs: str, held: dict[str, Secret] | None = None) -> Notice:
    headers = [(b"host", b"x"), *((b"hmac", proof.encode()) for proof in proofs or (mac(body),))]
    return webhook.verify(body, headers, held or _HELD)


def _refused(error: type[ColdtuskError], body: bytes, *proofs: str, held: dict[str, Secret] | None = None) -> str:
    with pytest.raises(error) as caught:
        _verify(body, *proofs, held=held)
    assert "canary" not in caught.value.line()
    return caught.value.code.name


def _by_node(asked: Sequence[tuple[str, bytes]]) -> list[str]:
    sent = json.dumps([(secret, body.hex()) for secret, body in asked])
    found: list[str] = json.loads(node(_NODE, sent))
    return found


def test_by_nodes_crypto() -> None:
    """Node's crypto gives the same MACs: of the recorded bodies, of ours, of odd bytes, under odd secrets."""
    asked = [(_VECTORS["ipn_secret"], row["body"].encode()) for row in _VECTORS["vectors"]]
    asked += [(IPN_SECRET, ipn(custom="é€ &="))]
    asked += [("é secret", bytes(range(256))), ("x" * 200, b""), ("s", b"\0" * 1000)]
    assert _by_node(asked) == [webhook.mac(body, secret).hex() for secret, body in asked]


@pytest.mark.parametrize("row", _VECTORS["vectors"], ids=lambda row: row["body"])
def test_recorded(row: dict[str, Any]) -> None:
    """The MACs are right; only the body with ipn_mode=hmac, and no name twice, is taken."""
    body = row["body"].encode()
    held = {"m1": Secret(_VECTORS["ipn_secret"], "test")}
    assert row["hmac"] == webhook.mac(body, _VECTORS["ipn_secret"]).hex()
    if "ipn_mode=hmac" in row["body"]:
        assert ("m1", 0, State.VERIFIED) == (
            (notice := _verify(body, row["hmac"], held=held)).account,
            notice.status,
            notice.state,
        )
    elif "x[]" in row["body"]:
        assert "webhooks.field-twice" == _refused(BadInput, body, row["hmac"], held=held)
    else:
        assert "webhooks.mode" == _refused(Refused, body, row["hmac"], held=held)


@pytest.mark.parametrize("value", ["a+b c&d", "!'()*~", "é", "a b", "100%"])
def test_every_encoding_is_verified_raw(value: str) -> None:
    """Whatever way the value was escaped, the bytes that were sent are the bytes that are proved."""
    for encoded in (quote(value, safe=""), quote_plus(value), quote(value, safe="!'()*~"), quote(value).lower()):
        body = b"ipn_mode=hmac&merchant=m1&status=1&custom=" + encoded.encode()
        assert body == _verify(body).body


def test_encoded_again() -> None:
    """webhooks.mac: the same fields in other bytes are other bytes."""
    body = b"ipn_mode=hmac&merchant=m1&custom=a%20b%c3%a9~&status=0"
    again = urlencode(parse_qsl(body.decode())).encode()
    assert again != body
    assert "webhooks.mac" == _refused(Refused, again, mac(body))
    assert _verify(again).subject != _verify(body).subject


@pytest.mark.parametrize("at", [0, 20, 45])
def test_one_bit(at: int) -> None:
    """webhooks.mac: one bit of the body changed."""
    body = ipn(txn_id="T1")
    changed = bytearray(body)
    changed[at] ^= 1
    assert "webhooks.mac" == _refused(Refused, bytes(changed), mac(body))


@pytest.mark.parametrize(
    "claimed",
    [
        "",
        "0" * 128,
        mac(ipn())[:-1],
        mac(ipn()) + "0",
        mac(ipn()) + "\n",
        " " + mac(ipn()),
        "0x" + mac(ipn()),
        mac(ipn(), "other"),
    ],
)
def test_wrong_mac(claimed: str) -> None:
    """webhooks.mac: absent, cut, longer, of another secret."""
    assert "webhooks.mac" == _refused(Refused, ipn(), claimed)


def test_no_header_or_two() -> None:
    """webhooks.mac: exactly one header HMAC, even if both are right."""
    with pytest.raises(Refused) as caught:
        webhook.verify(ipn(), [], _HELD)
    assert "webhooks.mac" == caught.value.code.name
    assert "webhooks.mac" == _refused(Refused, ipn(), mac(ipn()), mac(ipn()))
    assert "webhooks.mac" == _refused(Refused, ipn(), held={"m9": Secret("other", "test")})


def test_mac_before_all() -> None:
    """What is not proved is not even parsed."""
    assert "webhooks.mac" == _refused(Refused, b"no form%%", "0" * 128)
    assert "webhooks.form" == _refused(BadInput, b"no form%%")


def test_letters_of_either_size() -> None:
    """Hex digits in capitals are the same MAC."""
    assert _verify(ipn()).proof == _verify(ipn(), mac(ipn()).upper()).proof == bytes.fromhex(mac(ipn()))


def test_merchant() -> None:
    """webhooks.merchant: another one, none, or the one whose secret did not prove it."""
    held = {**_HELD, "m2": Secret("second", "test")}
    for body in (ipn(merchant="m9"), ipn(merchant=""), b"ipn_mode=hmac&status=0"):
        assert "webhooks.merchant" == _refused(Refused, body)
    crossed = ipn(merchant="m2")
    assert "webhooks.merchant" == _refused(Refused, crossed, held=held)
    assert "m2" == _verify(crossed, mac(crossed, "second"), held=held).account


@pytest.mark.parametrize("body", [b"merchant=m1&status=0", ipn(ipn_mode="httpauth"), ipn(ipn_mode="HMAC")])
def test_mode(body: bytes) -> None:
    """webhooks.mode: missing or another."""
    assert "webhooks.mode" == _refused(Refused, body)


@pytest.mark.parametrize("status", ["", "4", "-3", "99", "101", "01", "+1", "-0", "1.0", " 1", "1e2", "١", "1000"])
def test_status(status: str) -> None:
    """webhooks.status: what is not in the table, or written in another way; webhooks.field if it is missing."""
    assert ("webhooks.field" if not status else "webhooks.status") == _refused(BadInput, ipn(status=status))


@pytest.mark.parametrize("status", sorted(STANDINGS[Service.COINPAYMENTS]))
def test_known_statuses(status: int) -> None:
    """All that are documented are taken."""
    assert status == _verify(ipn(status=str(status))).status


@pytest.mark.parametrize(
    ("fields", "subject", "reference"),
    [
        ({"ipn_type": "withdrawal", "id": "CW1", "txn_id": "T"}, "CW1", "CW1"),
        ({"ipn_type": "deposit", "deposit_id": "CD1", "txn_id": "T"}, "CD1", None),
        ({"ipn_type": "deposit", "txn_id": "T"}, "T", None),
        ({"ipn_type": "api", "txn_id": "T", "ipn_id": "I"}, "T", None),
        ({"ipn_type": "simple", "ipn_id": "I", "id": "CW1"}, "I", None),
        ({"ipn_type": "api", "txn_id": "", "ipn_id": "I"}, "I", None),
    ],
)
def test_subject(fields: dict[str, str], subject: str, reference: str | None) -> None:
    """What an IPN is about goes by its type; the id of an IPN is the last resort."""
    notice = _verify(ipn(**fields))
    assert (subject, reference) == (notice.subject, notice.reference)


@pytest.mark.parametrize(
    "fields",
    [
        {"ipn_type": "withdrawal"},
        {"ipn_type": "withdrawal", "id": "", "txn_id": "T"},
        {"txn_id": "a b"},
        {"txn_id": "x" * 129},
        {"ipn_id": "é"},
        {"ipn_type": "deposit", "deposit_id": "\n"},
    ],
)
def test_fields(fields: dict[str, str]) -> None:
    """webhooks.field: an id that is missing where it must be, or is none."""
    assert "webhooks.field" == _refused(BadInput, ipn(**fields))


def test_dedupe() -> None:
    """A repeated IPN has the same key even if encoded anew; another id or status has another."""
    first = _verify(ipn(ipn_id="I1", txn_id="T", custom="a b")).dedupe
    assert first == _verify(ipn(custom="a b", ipn_id="I1", txn_id="T")).dedupe
    others = [ipn(ipn_id="I2", txn_id="T"), ipn(ipn_id="I1", txn_id="U"), ipn(ipn_id="I1", txn_id="T", status="1")]
    assert 4 == len({first, *(_verify(body).dedupe for body in others)})
    assert _verify(ipn(a="1")).dedupe == _verify(ipn(a="1")).dedupe != _verify(ipn(a="2")).dedupe
