"""A plain customer of the stand-ins: http.client, ssl, hmac and nothing of ours but where they listen."""

import hmac
import http.client
import json
import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from coldtusk_online.rehearsal.payments import REHEARSAL, RunningPayments

PATIENCE = 20.0
NOW = 1_795_000_000


@dataclass(frozen=True, slots=True)
class Got:
    """A reply that came whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Customer:
    """Talks to *services*; once a request is sent it waits *patience* seconds for each piece of the reply."""

    services: RunningPayments
    patience: float = PATIENCE

    def connection(self) -> http.client.HTTPConnection:
        """A new connection that trusts the rehearsal's authority and no other."""
        parts = urlsplit(self.services.url)
        assert parts.hostname is not None and parts.port is not None
        if parts.scheme == "http":
            return http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trust.load_verify_locations(self.services.ca_file)
        return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=PATIENCE, context=trust)

    def send(self, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Got:
        """One exchange."""
        with closing(self.connection()) as connection:
            connection.request(method, target, body, dict(headers or {}))
            connection.sock.settimeout(self.patience)
            reply = connection.getresponse()
            return Got(reply.status, dict(reply.headers.items()), reply.read())

    def get(self, url: str) -> Got:
        """What stands at *url*, whole or a path."""
        return self.send("GET", url.removeprefix(self.services.url))

    def form(self, body: bytes, private: str = REHEARSAL.coinpayments_private) -> Got:
        """A CoinPayments call of these bytes."""
        mac = hmac.new(private.encode(), body, "sha512").hexdigest()
        return self.send("POST", "/api.php", body, {"HMAC": mac, "Content-Type": "application/x-www-form-urlencoded"})

    def coinpayments(self, command: str, **fields: object) -> Any:
        """The reply to a CoinPayments call."""
        return self.form(form_body(command, **fields)).json

    def signed(self, body: bytes, stamp: int, *, over: bytes | None = None) -> Got:
        """A CoinRPC call of these bytes, signed over *over* (the body unless told)."""
        message = (body if over is None else over) + b":%d" % stamp
        mac = hmac.new(REHEARSAL.coinrpc_signing.encode(), message, "sha256").hexdigest()
        headers = {"x-api-key": REHEARSAL.coinrpc_key, "x-timestamp": str(stamp), "x-signature": mac}
        return self.send("POST", "/bitcoin", body, headers | {"Content-Type": "application/json"})

    def coinrpc(self, method: str, identity: str = "a1", stamp: int = NOW, **params: str) -> Any:
        """The reply to a CoinRPC call."""
        return self.signed(rpc_body(method, identity, **params), stamp).json

    def coinspark(self, params: Mapping[str, object], method: str = "coinspark_create_asset") -> Any:
        """The reply to a CoinSpark call."""
        body = json.dumps({"id": "one", "jsonrpc": "2.0", "method": method, "params": params}).encode()
        return self.send("POST", "/coinspark", body, {"Content-Type": "application/json"}).json

    def authenticate(self) -> str:
        """A bearer token of coinsoftworks."""
        headers = {"X-SIMPLE-API-ACCESS-TOKEN": REHEARSAL.coinsoftworks_access}
        token: str = self.send("POST", "/_functions/authentication", headers=headers).json["bearer_token"]
        return token

    def coinsoftworks(self, method: str, path: str, bearer: str, body: bytes = b"") -> Got:
        """A coinsoftworks call under *bearer*."""
        return self.send(method, f"/_functions/{path}", body, {"Authorization": f"Bearer {bearer}"})


def form_body(command: str, **fields: object) -> bytes:
    """A CoinPayments body: ``from_`` stands for the field from."""
    named = {name.rstrip("_"): str(value) for name, value in fields.items()}
    main = {"version": "1", "key": REHEARSAL.coinpayments_public, "cmd": command, "format": "json"}
    return urlencode(main | named, quote_via=quote).encode()


def rpc_body(method: str, identity: str = "a1", **params: str) -> bytes:
    """A CoinRPC body: compact, in order, without empty parameters."""
    call: dict[str, object] = {"id": identity, "jsonrpc": "2.0", "method": method}
    return json.dumps(call | ({"params": params} if params else {}), separators=(",", ":")).encode()


ASSET: dict[str, object] = {
    "key": REHEARSAL.coinspark_key,
    "asset_url": "https://example.com/vouchers/",
    "contract_url": "https://example.com/vouchers/contract.pdf",
    "issuer": "John Smith Restaurants",
    "issuer_address": "123 Cookery Street\nLondon",
    "name": "Voucher for John Smith Restaurants",
    "name_short": "John Smith Voucher",
    "description": "Voucher for food and drink (Breakfasts are excluded).",
    "raw_quantity": 100000000,
    "display_multiple": 0.01,
    "value_per_unit": "1 Euro",
    "send_to_address": "ssw5De84Cm5BynnWsuF9cXZmFp4bb3fNEeqvh",
}
"""The document's example, with a place on the web."""
