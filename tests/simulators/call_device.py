"""A device for tests of the online half that answers calls of payment services: without vault, review or offline code.

HMACs by the standard library, HPKE by ``cryptography``; bodies and outputs by the shared half, whose own tests and
vectors say that they are right.
"""

import hmac
from dataclasses import dataclass, field
from typing import Any

from coldtusk_shared import card, envelope, released, request
from coldtusk_shared.card import CardService, DeviceCard
from coldtusk_shared.request import Item
from coldtusk_shared.response import Released, Response, Result, Signed
from coldtusk_shared.services.coinpayments import output as payments_output
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent
from coldtusk_shared.services.coinrpc import body as rpc_body
from coldtusk_shared.services.coinrpc import output as rpc_output
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from coldtusk_shared.services.coinspark import body as spark_body
from coldtusk_shared.services.coinspark import output as spark_output
from coldtusk_shared.services.coinspark.content import CoinSparkContent
from tests.simulators.device import Device

SPARK_ACCOUNT = bytes(range(16))
FIRST_NONCE = 1_000


@dataclass
class CallDevice(Device):
    """*secrets* are by account; the nonces of a key count up from :data:`FIRST_NONCE`."""

    services: tuple[CardService, ...] = ()
    secrets: dict[bytes, str] = field(default_factory=dict)
    nonces: dict[bytes, int] = field(default_factory=dict)
    payload: bytes = b""

    def card(self) -> bytes:
        """Its card, with the services' accounts."""
        plain = card.open_device(super().card())
        held = DeviceCard(plain.public_key, plain.label, plain.head, plain.accounts, self.services)
        return card.seal_device(held, self.signer)

    def answer(self, message: bytes, **how: Any) -> bytes:
        """As any device; what is released is encrypted to the request's key."""
        self.payload = envelope.read(message).payload
        return super().answer(message, **how)

    def _result(self, item: Item, refused: bool) -> Result:
        content = item.content
        if refused or not isinstance(content, CoinPaymentsContent | CoinRpcContent | CoinSparkContent):
            return super()._result(item, refused)
        secret = self.secrets[item.account]
        if isinstance(content, CoinPaymentsContent):
            return Signed(item.payment_id, self._counted(content, secret))
        if isinstance(content, CoinRpcContent):
            return Signed(item.payment_id, _timed(item, content, secret))
        plaintext = spark_output.encode(spark_body.body(item.payment_id, secret, content.given))
        key = request.parse(self.payload).reply_key
        assert key is not None
        return Released(item.payment_id, *released.seal(key, plaintext, request.digest(self.payload), item.payment_id))

    def _counted(self, content: CoinPaymentsContent, secret: str) -> bytes:
        nonce = self.nonces.get(content.account, FIRST_NONCE)
        self.nonces[content.account] = nonce + 1
        body = content.body(nonce)
        mac = hmac.digest(secret.encode(), body, "sha512")
        return payments_output.encode(payments_output.Output(nonce, body, mac))


def _timed(item: Item, content: CoinRpcContent, secret: str) -> bytes:
    sent = rpc_body.body(item.payment_id, content.method, content.params)
    mac = hmac.digest(secret.encode(), sent + b":" + str(content.send_at).encode(), "sha256")
    return rpc_output.encode(rpc_output.Output(content.send_at, sent, mac))


def in_place_of(result: Result, place: int = 0) -> Any:
    """A change of a response that puts *result* at *place*."""

    def change(given: Response) -> Response:
        results = [*given.results]
        results[place] = result
        return Response(given.request_id, given.request_digest, tuple(results), given.receipt)

    return change
