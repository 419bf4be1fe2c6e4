"""Every cap on messages: what is exactly at it is taken, one past it is refused."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from coldtusk_shared import card, cbor, envelope, limits, request, response
from coldtusk_shared.card import CardAccount, CardService, DeviceCard
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput
from coldtusk_shared.request import JournalHead, PaymentId, Request
from coldtusk_shared.response import RefusedItem, Released, Response, Signed
from tests.shared import message_vectors
from tests.shared.message_vectors import BATCH, ONE_TRANSFER, signed
from tests.shared.rejecting import payload_with
from tests.shared.samples import CONTENTS, DEVICE, HOST, NONCE, SENDER, renumbered
from tests.shared.vector_making import a_response


def _requested(value: Request) -> Request:
    return request.parse(request.encode(value))


def _responded(value: Response) -> Response:
    return response.parse(response.encode(value))


def _request_of(items: int) -> Request:
    contents = [renumbered(CONTENTS["wartTransfer"], NONCE + place) for place in range(items)]
    numbered = [
        replace(message_vectors.a_payment(content), payment_id=PaymentId(place.to_bytes(16)))
        for place, content in enumerate(contents)
    ]
    return replace(ONE_TRANSFER, items=tuple(numbered))


def _response_with(**changes: Any) -> Response:
    return replace(a_response(ONE_TRANSFER, signed(ONE_TRANSFER.items[0])), **changes)


def _entries(count: int) -> Response:
    whole = _response_with()
    return replace(whole, receipt=replace(whole.receipt, entries=(bytes(32),) * count))


def _card_of(accounts: int) -> object:
    one = CardAccount("defi", SENDER.raw, "treasury")
    value = DeviceCard(DEVICE.public_key, "vault A", JournalHead(0, bytes(32)), (one,) * accounts)
    return card.open_device(card.seal_device(value, DEVICE))


def _card_called(label: str) -> object:
    return card.open_host(card.seal_host(card.HostCard(HOST.public_key, label), HOST))


def _refused_because(code: str, reason: str) -> Response:
    return _responded(_response_with(results=(RefusedItem(PaymentId(bytes(16)), code, reason),)))


def _signed_with(size: int) -> Response:
    return _responded(_response_with(results=(Signed(PaymentId(bytes(16)), bytes(size)),)))


def _released_with(size: int) -> Response:
    return _responded(_response_with(results=(Released(PaymentId(bytes(16)), bytes(32), bytes(size)),)))


def _serving(accounts: int, size: int = 16) -> object:
    one = CardService("coinspark", bytes(size), "shop")
    value = DeviceCard(DEVICE.public_key, "vault A", JournalHead(0, bytes(32)), (), (one,) * accounts)
    return card.open_device(card.seal_device(value, DEVICE))


def _field(kind: str, key: int) -> Callable[[int], Request]:
    return lambda value: request.parse(payload_with(f"request-{kind}", {7: {0: {4: {key: value}}}}))


def _evidence(kind: str, key: int) -> Callable[[Any], Request]:
    return lambda value: request.parse(payload_with(f"request-{kind}", {7: {0: {5: {key: value}}}}))


def _sealed_of(size: int) -> object:
    """An envelope of exactly *size* bytes, opened."""
    overhead = len(envelope.seal(MessageType.REQUEST, bytes(size - 1000), HOST)) - (size - 1000)
    message = envelope.seal(MessageType.REQUEST, bytes(size - overhead), HOST)
    assert size == len(message)
    return envelope.open_sealed(message, MessageType.REQUEST, HOST.pinned)


_CAPS: dict[str, tuple[Callable[[Any], object], Any, Any, str]] = {
    "MESSAGE_BYTES": (_sealed_of, limits.MESSAGE_BYTES, limits.MESSAGE_BYTES + 1, "cbor.too-large"),
    "ITEMS": (
        lambda count: _requested(_request_of(count)),
        limits.ITEMS,
        limits.ITEMS + 1,
        "field.out-of-range",
    ),
    "ITEMS of a response": (
        lambda count: _responded(_response_with(results=(signed(BATCH.items[0]),) * count)),
        limits.ITEMS,
        limits.ITEMS + 1,
        "field.out-of-range",
    ),
    "CHAIN_SEGMENT": (
        lambda count: _responded(_entries(count)),
        limits.CHAIN_SEGMENT,
        limits.CHAIN_SEGMENT + 1,
        "field.out-of-range",
    ),
    "ACCOUNTS": (_card_of, limits.ACCOUNTS, limits.ACCOUNTS + 1, "field.out-of-range"),
    "TEXT_BYTES of a purpose": (
        lambda size: _requested(replace(ONE_TRANSFER, purpose="x" * size)),
        limits.TEXT_BYTES,
        limits.TEXT_BYTES + 1,
        "cbor.text-too-long",
    ),
    "TEXT_BYTES of a reason": (
        lambda size: _refused_because("a.b", "\u00e4" * (size // 2) + "x" * (size % 2)),
        limits.TEXT_BYTES,
        limits.TEXT_BYTES + 1,
        "cbor.text-too-long",
    ),
    "LABEL_BYTES of an origin": (
        lambda size: _requested(replace(ONE_TRANSFER, origin="x" * size)),
        limits.LABEL_BYTES,
        limits.LABEL_BYTES + 1,
        "text.too-long",
    ),
    "LABEL_BYTES of a card": (
        lambda size: _card_called("\u00e4" * (size // 2) + "x" * (size % 2)),
        limits.LABEL_BYTES,
        limits.LABEL_BYTES + 1,
        "text.too-long",
    ),
    "LABEL_BYTES of a refusal's code": (
        lambda size: _refused_because("x" * size, ""),
        limits.LABEL_BYTES,
        limits.LABEL_BYTES + 1,
        "text.too-long",
    ),
    "TEXT_MARKS": (
        lambda count: _requested(replace(ONE_TRANSFER, purpose="x" + "\u0336" * count)),
        limits.TEXT_MARKS,
        limits.TEXT_MARKS + 1,
        "text.marks",
    ),
    "OUTPUT_BYTES": (_signed_with, limits.OUTPUT_BYTES, limits.OUTPUT_BYTES + 1, "field.wrong-length"),
    "OUTPUT_BYTES of a ciphertext": (
        _released_with,
        limits.OUTPUT_BYTES,
        limits.OUTPUT_BYTES + 1,
        "field.wrong-length",
    ),
    "SERVICE_ACCOUNTS": (_serving, limits.SERVICE_ACCOUNTS, limits.SERVICE_ACCOUNTS + 1, "field.out-of-range"),
    "ACCOUNT_BYTES of a service": (
        lambda size: _serving(1, size),
        limits.ACCOUNT_BYTES,
        limits.ACCOUNT_BYTES + 1,
        "field.wrong-length",
    ),
    "U32 of a nonce": (_field("wartTransfer", 4), limits.U32, limits.U32 + 1, "field.out-of-range"),
    "U32 of a cancelled nonce": (_field("cancelation", 7), limits.U32, limits.U32 + 1, "warthog.amount-range"),
    "U64 of a host's time": (
        lambda value: request.parse(payload_with("request-wartTransfer", {3: value})),
        limits.U64,
        limits.U64 + 1,
        "cbor.tag",
    ),
    "WART_SUPPLY_E8": (
        _field("wartTransfer", 7),
        limits.WART_SUPPLY_E8,
        limits.WART_SUPPLY_E8 + 1,
        "warthog.amount-range",
    ),
    "WART_SUPPLY_E8 of a purchase": (
        _field("limitSwap-buy", 8),
        limits.WART_SUPPLY_E8,
        limits.WART_SUPPLY_E8 + 1,
        "warthog.amount-range",
    ),
    "WART_SUPPLY_E8 of a deposit": (
        _field("liquidityDeposit", 8),
        limits.WART_SUPPLY_E8,
        limits.WART_SUPPLY_E8 + 1,
        "warthog.amount-range",
    ),
    "FEE_MAX_E8": (_field("bare", 5), limits.FEE_MAX_E8, limits.FEE_MAX_E8 + 1, "warthog.fee.range"),
    "ASSET_SUPPLY_U64 of a transfer": (
        _field("tokenTransfer", 9),
        limits.ASSET_SUPPLY_U64,
        limits.ASSET_SUPPLY_U64 + 1,
        "warthog.amount-range",
    ),
    "ASSET_SUPPLY_U64 of a sale": (
        _field("limitSwap-sell", 8),
        limits.ASSET_SUPPLY_U64,
        limits.ASSET_SUPPLY_U64 + 1,
        "warthog.amount-range",
    ),
    "ASSET_SUPPLY_U64 of a creation": (
        _field("assetCreation", 6),
        limits.ASSET_SUPPLY_U64,
        limits.ASSET_SUPPLY_U64 + 1,
        "warthog.asset.supply",
    ),
    "ASSET_DECIMALS": (
        _field("assetCreation", 7),
        limits.ASSET_DECIMALS,
        limits.ASSET_DECIMALS + 1,
        "warthog.decimals",
    ),
    "PRICE_DIGITS": (
        _evidence("limitSwap-buy", 3),
        "0.07" + "0" * (limits.PRICE_DIGITS - 3),
        "0.07" + "0" * (limits.PRICE_DIGITS - 2),
        "text.too-long",
    ),
    "AMOUNT_DIGITS of an asked fee": (
        _evidence("wartTransfer", 2),
        "0.01000000",
        "0.01" + "0" * (limits.AMOUNT_DIGITS - 2),
        "decimal.digits",
    ),
}


@pytest.mark.parametrize(("take", "at", "past", "code"), _CAPS.values(), ids=_CAPS)
def test_each_cap(take: Callable[[Any], object], at: Any, past: Any, code: str) -> None:
    """At the cap it is taken; one past it is refused with the cap's code."""
    assert take(at)
    with pytest.raises(BadInput) as refusal:
        take(past)
    assert code == refusal.value.code.name


@pytest.mark.parametrize(("size", "said"), [(64, "64 bytes, not 20"), (65, "65 bytes, not 1 to 64"), (0, "0 bytes")])
def test_account_bytes(size: int, said: str) -> None:
    """An account of ACCOUNT_BYTES reaches its system, which wants fewer here; a longer one does not."""
    assert 64 == limits.ACCOUNT_BYTES
    with pytest.raises(BadInput, match=said) as refusal:
        request.parse(payload_with("request-wartTransfer", {7: {0: {3: bytes(size)}}}))
    assert "field.wrong-length" == refusal.value.code.name


def test_the_largest_messages_fit() -> None:
    """A request of ITEMS items with all evidence, and its response with CHAIN_SEGMENT hashes, fit."""
    contents = [renumbered(CONTENTS["limitSwap-buy"], NONCE + place) for place in range(limits.ITEMS)]
    whole = replace(
        _request_of(limits.ITEMS),
        purpose="x" * limits.TEXT_BYTES,
        items=tuple(
            replace(item, content=content)
            for item, content in zip(_request_of(limits.ITEMS).items, contents, strict=True)
        ),
    )
    sealed = envelope.seal(MessageType.REQUEST, request.encode(whole), HOST)
    assert whole == request.parse(envelope.open_sealed(sealed, MessageType.REQUEST, HOST.pinned).payload)
    results = tuple(signed(item) for item in whole.items)
    answer = response.encode(replace(_entries(limits.CHAIN_SEGMENT), results=results))
    assert len(envelope.seal(MessageType.RESPONSE, answer, DEVICE)) < limits.MESSAGE_BYTES


def test_depth_of_a_message() -> None:
    """The deepest field of a message stays well below CBOR_DEPTH."""
    deepest = max(_depth(cbor.decode(one.payload)) for one in message_vectors.golden().values())
    assert 6 == deepest < limits.CBOR_DEPTH


def _depth(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inner), default=0) if isinstance(value, dict | list) else 0
