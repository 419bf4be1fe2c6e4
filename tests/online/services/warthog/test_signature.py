"""A signature is believed only if it recovers to the sender."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coldtusk_online import services
from coldtusk_online.services.warthog import signature
from coldtusk_shared.errors import BadInput
from coldtusk_shared.request import Item, PaymentId
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.evidence import Evidence
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.layout import ADDRESS, HASH, LAYOUTS, LIMIT, Form
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.price import LimitPrice
from coldtusk_shared.services.warthog.transaction import Transaction

_FILE = Path(__file__).parents[3] / "vectors" / "warthog" / "transactions.json"
_VECTORS = json.loads(_FILE.read_text(encoding="utf-8"))["vectors"]


def _typed(form: Form, value: Any) -> Any:
    if form is ADDRESS:
        return Address.parse(value)
    if form is LIMIT:
        return LimitPrice.from_bytes(bytes.fromhex(value))
    return bytes.fromhex(value) if form is HASH else value


def _item(content: WarthogContent) -> Item:
    return Item(PaymentId(bytes(16)), content.sender.raw, content)


def _content(vector: dict[str, Any]) -> WarthogContent:
    given = vector["json"]
    layout = next(layout for layout in LAYOUTS if layout.name == vector["type"])
    body = layout.body(*(_typed(field.form, given[field.json[0]]) for field in layout.fields))
    pin_hash = bytes.fromhex(vector["pinHash"])
    transaction = Transaction(Network.DEFI, pin_hash, given["pinHeight"], given["nonceId"], FeeE8(given["feeE8"]), body)
    return WarthogContent(Address.parse(vector["address"]), transaction, Evidence())


@pytest.mark.parametrize("vector", _VECTORS, ids=lambda vector: vector["type"])
def test_the_reference_nodes_signatures(vector: dict[str, Any]) -> None:
    """Each of the node's own is the sender's; under another nonce it is somebody else's."""
    content, output = _content(vector), bytes.fromhex(vector["signature65"])
    services.check_output(_item(content), output, "here")
    assert services.number(_item(content), output) is None
    other = replace(content, transaction=replace(content.transaction, nonce_id=content.transaction.nonce_id ^ 1))
    with pytest.raises(BadInput) as caught:
        signature.check(_item(other), output, "here")
    assert ("warthog.signature.other-signer", "here") == (caught.value.code.name, caught.value.where)


def test_only_warthog_content() -> None:
    """Another system's content here is our own mistake."""

    class Other:
        kind = "other/thing"

    other = Item(PaymentId(bytes(16)), b"account", Other())  # type: ignore[arg-type] # on purpose
    with pytest.raises(RuntimeError):
        signature.check(other, bytes(65), "here")
    with pytest.raises(RuntimeError):
        services.check_output(other, bytes(65), "here")
