"""The golden messages that came with the payment services."""

import hashlib
import hmac

from coldtusk_offline import entries
from coldtusk_shared import cbor, released, request
from coldtusk_shared.card import CardAccount, CardService, DeviceCard
from coldtusk_shared.request import Item, Request
from coldtusk_shared.response import RefusedItem, Released, Signed
from tests.shared import hpke_reference
from tests.shared.samples import DEVICE, SENDER
from tests.shared.service_samples import ACCOUNTS, CALLS, EPHEMERAL, REPLY_KEY, SEND_AT, UTC, a_call
from tests.shared.vector_making import HEAD_2, Golden, a_response, an_answer, answered, asked, shown, written

_ABOUT = {
    "coinpayments-balances": "what an account holds, the zeros too",
    "coinpayments-create_withdrawal": "a withdrawal with all that it can have",
    "coinpayments-create_mass_withdrawal": "two withdrawals in one call",
    "coinpayments-create_transaction": "a payment of others, redirected to an address",
    "coinrpc-get_balance": "the method that is built in; the deadline is the end of its window",
    "coinrpc-send": "a method of an operator's table",
    "coinspark-create_asset": "an asset, and a one-time key for the result",
    "coinspark-create_asset-full": "an asset with every parameter of the document",
    "coinsoftworks-authenticate": "a token is bought, and a one-time key for the result",
    "coinsoftworks-execute": "an action of an operator's table",
}
_SECRET = b"a secret that is none"
_NONCE = 1_767_225_600_000

A_WITHDRAWAL = a_call(CALLS["coinpayments-create_withdrawal"])
A_BALANCE = a_call(CALLS["coinrpc-get_balance"])
AN_ASSET = a_call(CALLS["coinspark-create_asset"])
A_LOGIN = a_call(CALLS["coinsoftworks-authenticate"])
BOTH = a_call(
    CALLS["coinsoftworks-authenticate"], CALLS["coinsoftworks-execute"], purpose="Pay run of 5 M\u00e4rz, 1 of 2"
)

COINPAYMENTS_BODY = (
    b"version=1&key=" + ACCOUNTS["coinpayments"] + b"&cmd=create_withdrawal&nonce=1767225600000&format=json"
    b"&amount=0.5&currency=BTC&address=1LBXAvwFtvJni74suNHKX1apMMoR8zQbgT&currency2=EUR&dest_tag=1207&add_tx_fee=1"
    b"&ipn_url=https%3A%2F%2Fshop.example%2Fipn%3Fid%3D7&auto_confirm=0&note=M%C3%A4rz%2C%201%2F2"
)
COINRPC_BODY = (
    b'{"id":"61616161616161616161616161616161","jsonrpc":"2.0","method":"get_balance","params":{"currency":"BTC"}}'
)
OUTPUTS = {
    "coinpayments": cbor.encode(
        {1: _NONCE, 2: COINPAYMENTS_BODY, 3: hmac.digest(_SECRET, COINPAYMENTS_BODY, hashlib.sha512)}
    ),
    "coinrpc": cbor.encode(
        {1: SEND_AT, 2: COINRPC_BODY, 3: hmac.digest(_SECRET, COINRPC_BODY + b":%d" % SEND_AT, hashlib.sha256)}
    ),
}
"""What a device gives for A_WITHDRAWAL and for A_BALANCE, written down by hand."""
PLAINTEXTS = {
    "coinspark": cbor.encode({1: b'{"method":"coinspark_create_asset","params":{"api_key":"f8sK30M394dS04LkdpWf"}}'}),
    "coinsoftworks": cbor.encode({1: "POST", 2: "/authentication/{key}", 3: b"", 4: "a-long-token", 5: "an-api-key"}),
    "coinsoftworks-execute": cbor.encode(
        {
            1: "POST",
            2: "/execute/transfer",
            3: b'{"amount":"12.50","note":"M\\u00e4rz"}',
            5: "an-api-key",
            6: {1: "/status/{key}/{id}", 2: "result.status", 3: "Done|Completed", 4: "Failed", 5: "result.id"},
        }
    ),
}
"""What is released, before it is encrypted."""


def golden() -> list[Golden]:
    """All of them."""
    return [*_requests(), *_responses(), *_others()]


def release(value: Request, item: Item, plaintext: bytes) -> Released:
    """*plaintext* for *item* of *value*, encrypted by the second implementation with a key that is not random."""
    info = released.info(request.digest(request.encode(value)), item.payment_id)
    context = hpke_reference.sender(EPHEMERAL, REPLY_KEY, info)
    return Released(item.payment_id, context.enc, context.seal(0, plaintext))


def releases(value: Request, *names: str) -> list[Released]:
    """The plaintexts with these names for the items of *value*."""
    return [release(value, item, PLAINTEXTS[name]) for item, name in zip(value.items, names, strict=True)]


def _signed(value: Request, system: str) -> Signed:
    return Signed(value.items[0].payment_id, OUTPUTS[system])


def _requests() -> list[Golden]:
    return [
        *(asked(f"request-{name}", _ABOUT[name], a_call(call)) for name, call in CALLS.items()),
        asked("request-coinsoftworks-both", "a token is bought and used", BOTH),
    ]


def _responses() -> list[Golden]:
    withdrawal = _signed(A_WITHDRAWAL, "coinpayments")
    balance = _signed(A_BALANCE, "coinrpc")
    refused = RefusedItem(A_WITHDRAWAL.items[0].payment_id, "review.refused", "the operator refused it")
    both = releases(BOTH, "coinsoftworks", "coinsoftworks-execute")
    return [
        answered("response-with-utc", "a call refused, and the time", a_response(A_WITHDRAWAL, refused, utc=UTC)),
        answered("response-coinpayments", "nonce, body and MAC", a_response(A_WITHDRAWAL, withdrawal, utc=UTC)),
        answered("response-coinrpc", "send time, body and MAC", a_response(A_BALANCE, balance, utc=UTC)),
        answered(
            "response-released",
            "a body with a secret in it, encrypted",
            a_response(AN_ASSET, *releases(AN_ASSET, "coinspark"), utc=UTC),
        ),
        answered("response-released-both", "two secrets of one request", a_response(BOTH, *both, utc=UTC)),
    ]


def _others() -> list[Golden]:
    services = tuple(CardService(system, account, f"shop {system}") for system, account in ACCOUNTS.items())
    card = DeviceCard(DEVICE.public_key, "vault A", HEAD_2, (CardAccount("defi", SENDER.raw, "treasury"),), services)
    settings = hashlib.sha256(cbor.encode({1: _NONCE})).digest()
    enrolled = entries.ServiceEntry(entries.Change.ENROLLED, "coinpayments", ACCOUNTS["coinpayments"], "shop", settings)
    answer = an_answer(AN_ASSET, *releases(AN_ASSET, "coinspark"), utc=UTC)
    return [
        shown("device-card-services", "a device with an account at each service", card),
        written("entry-service", "an account at a service was enrolled", enrolled),
        written("entry-answer-utc", "a call was answered, at a time that the operator confirmed", answer),
    ]
