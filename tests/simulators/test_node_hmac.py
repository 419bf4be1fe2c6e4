"""The independent HMACs agree with the published ones, and with another client's."""

import json
from pathlib import Path

from tests.simulators.node_hmac import Mac, node_hmacs, node_sha256

_VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "payments"


def test_rfc_4231() -> None:
    """Test cases 1 and 2 of RFC 4231, cut to the first bytes."""
    rows = [Mac("sha256", b"\x0b" * 20, b"Hi There"), Mac("sha512", b"Jefe", b"what do ya want for nothing?")]
    assert ["b0344c61d8db3853", "164b7a7bfcf819e2"] == [made[:16] for made in node_hmacs(rows)]


def test_the_bodies_of_four_clients() -> None:
    """Every recorded CoinPayments body has the MAC that its client made."""
    vectors = json.loads((_VECTORS / "coinpayments_requests.json").read_text(encoding="utf-8"))["vectors"]
    rows = [Mac("sha512", row["secret"].encode(), row["body"].encode()) for row in vectors]
    assert [row["expected"] for row in vectors] == node_hmacs(rows)


def test_plain_hashes() -> None:
    """SHA-256 of nothing and of abc (FIPS 180)."""
    made = node_sha256([b"", b"abc"])
    assert ["e3b0c442", "ba7816bf"] == [text[:8] for text in made]


def test_nothing_asked_is_nothing_answered() -> None:
    """No rows, no answers."""
    assert [] == node_hmacs([])
