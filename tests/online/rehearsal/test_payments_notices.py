"""What the stand-ins post to us: IPNs and webhooks, right ones and wrong ones, as a receiver of raw bytes sees them."""

import json
import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl

import pytest

from coldtusk_online.rehearsal.payments import REHEARSAL, Authority, Entry, Service
from coldtusk_online.rehearsal.payments.ipn import ipn_mac, payment_ipn, send_ipn, send_ipns, withdrawal_ipn
from coldtusk_online.rehearsal.payments.posting import Answer, php_form
from coldtusk_online.rehearsal.payments.webhook import receive_fields, send_fields, send_webhook, verify_hash
from tests.simulators.node_hmac import Mac, node_hmacs, node_sha256

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "payments"
WITHDRAWAL = Entry(
    1, Service.COINPAYMENTS, "create_withdrawal", "CW1", {"currency": "BTC", "address": "1B", "sent": "0.10000000"}, 7
)
SEND = Entry(2, Service.COINRPC, "send", "ABCD", {"recipient": "1L", "amount": "0.5"}, 7)


class Receiver(HTTPServer):
    """Keeps what comes: path, HMAC header, content type, body."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[str, str | None, str | None, bytes]] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}/hook?x=1"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        """Keep it and say ok."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, self.headers["HMAC"], self.headers["Content-Type"], body))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server calls it
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on a free port."""
    with Receiver() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_an_ipn_is_signed_over_its_raw_body(receiver: Receiver) -> None:
    """A form, the MAC that Node makes of it, and the fields of a withdrawal."""
    fields = withdrawal_ipn(WITHDRAWAL, 2, REHEARSAL.coinpayments_merchant)
    assert [Answer(200, b"ok")] == send_ipn(receiver.url, fields, REHEARSAL.coinpayments_ipn)
    [(path, mac, kind, body)] = receiver.got
    assert ("/hook?x=1", "application/x-www-form-urlencoded") == (path, kind)
    assert [mac] == node_hmacs([Mac("sha512", REHEARSAL.coinpayments_ipn.encode(), body)])
    said = dict(parse_qsl(body.decode(), keep_blank_values=True))
    assert (fields, "hmac", "10000000", "CW1") == (said, said["ipn_mode"], said["amounti"], said["id"])


def test_ipns_that_a_receiver_must_refuse(receiver: Receiver) -> None:
    """A MAC of another secret; no ipn_mode under a right MAC; bytes of one's own under their right MAC."""
    fields, secret = withdrawal_ipn(WITHDRAWAL, 1, "m1"), "ipn_secret"
    send_ipn(receiver.url, fields, secret, bad_mac=True)
    send_ipn(receiver.url, fields, secret, without_mode=True)
    send_ipn(receiver.url, fields, secret, raw_body=b"merchant=m1&x[]=1&x[]=2")
    right = [mac == ipn_mac(body, secret) for _, mac, _, body in receiver.got]
    assert [False, True, True] == right
    assert [True, False, False] == [b"ipn_mode=hmac" in body for _, _, _, body in receiver.got]


def test_ipns_come_twice_and_out_of_order(receiver: Receiver) -> None:
    """The same bytes again; the last status first."""
    messages = [withdrawal_ipn(WITHDRAWAL, status, "m1") for status in (0, 1, 2)]
    send_ipn(receiver.url, messages[0], "s", times=2)
    assert receiver.got[0] == receiver.got[1]
    receiver.got.clear()
    send_ipns(receiver.url, messages, "s", reordered=True)
    send_ipns(receiver.url, messages, "s")
    statuses = [dict(parse_qsl(body.decode()))["status"] for _, _, _, body in receiver.got]
    assert ["2", "1", "0", "0", "1", "2"] == statuses


def test_the_recorded_ipns_have_these_macs() -> None:
    """Four bodies of the vectors, by this code and by Node's."""
    recorded = json.loads((VECTORS / "coinpayments_ipn.json").read_text(encoding="utf-8"))
    secret, rows = recorded["ipn_secret"], recorded["vectors"]
    assert [row["hmac"] for row in rows] == [ipn_mac(row["body"].encode(), secret) for row in rows]
    assert [row["hmac"] for row in rows] == node_hmacs(
        Mac("sha512", secret.encode(), row["body"].encode()) for row in rows
    )


def test_a_payment_has_its_own_ipn() -> None:
    """Of a transaction: both currencies and amounts."""
    fields = {"amount": "10", "due": "0.5", "currency1": "USD", "currency2": "LTC", "buyer_email": "b@x.invalid"}
    said = payment_ipn(Entry(3, Service.COINPAYMENTS, "create_transaction", "CT", fields, 7), 100, "m1")
    assert ("api", "CT", "10", "0.5", "Complete") == tuple(
        said[name] for name in ("ipn_type", "txn_id", "amount1", "amount2", "status_text")
    )


def test_forms_are_written_as_php_writes_them() -> None:
    """A blank is a plus, a tilde is escaped, hex is upper case."""
    assert b"a%5Bb%5D=a+b%2Bc%26d%7E%C3%A9%21%27%28%29%2A.-_" == php_form([("a[b]", "a b+c&d~é!'()*.-_")])


def test_a_webhook_is_hashed_as_the_document_says(receiver: Receiver) -> None:
    """SHA-256 over the values by name and the secret, by Node."""
    fields = send_fields(SEND, "SUCCESS", "till")
    assert [Answer(200, b"ok")] == send_webhook(receiver.url, fields, REHEARSAL.coinrpc_webhook)
    said = dict(parse_qsl(receiver.got[0][3].decode(), keep_blank_values=True))
    claimed = said.pop("verify_hash")
    joined = ":".join([*(said[name] for name in sorted(said)), REHEARSAL.coinrpc_webhook])
    assert (fields, [claimed]) == (said, node_sha256([joined.encode()]))


def test_the_recorded_webhooks_have_these_hashes() -> None:
    """The document's example, the collision of renamed fields, text beyond ASCII."""
    for row in json.loads((VECTORS / "coinrpc_webhooks.json").read_text(encoding="utf-8"))["vectors"]:
        assert row["hash"] == verify_hash(row["params"], row["secret"]), row["name"]
        if "other" in row:
            assert row["other_hash"] == verify_hash(row["other"], row["secret"])


def test_webhooks_that_a_receiver_must_refuse(receiver: Receiver) -> None:
    """A hash of another secret; a field more, behind the hash; the same again."""
    fields = receive_fields(SEND, "PENDING", "till")
    send_webhook(receiver.url, fields, "s", bad_hash=True)
    send_webhook(receiver.url, fields, "s", extra=[("amount", "5")], times=2)
    wrong, longer, again = (body for _, _, _, body in receiver.got)
    assert verify_hash(fields, "s").encode() not in wrong
    assert (True, longer) == (longer.endswith(b"&amount=5"), again)


def test_the_fields_of_bitcoin() -> None:
    """Twelve for what came, three more for what was sent; the block is empty until it is settled."""
    came, sent = receive_fields(SEND, "PENDING", "till"), send_fields(SEND, "SUCCESS", "till")
    assert (12, {"comment", "network_fee", "sender"}) == (len(came), set(sent) - set(came))
    assert ("", "870001") == (came["block_number"], sent["block_number"])


def test_over_tls_to_whom_it_trusts(receiver: Receiver, tmp_path: Path) -> None:
    """With the authority's file it posts; without it refuses the certificate."""
    authority = Authority()
    receiver.socket = authority.context(tmp_path).wrap_socket(receiver.socket, server_side=True)
    url = receiver.url.replace("http:", "https:")
    fields = receive_fields(SEND, "FAILED", "till")
    assert 200 == send_webhook(url, fields, "s", ca_file=authority.publish(tmp_path))[0].status
    with pytest.raises(ssl.SSLCertVerificationError):
        send_webhook(url, fields, "s")
