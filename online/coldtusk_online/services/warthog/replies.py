"""What both dialects have in common: the envelope of a reply, and values written twice."""

import re

from coldtusk_online.json_reader import JsonReader
from coldtusk_online.services.warthog.answers import Head, Version
from coldtusk_shared import limits
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import WART_DECIMALS
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.node_errors import NodeError
from coldtusk_shared.services.warthog.rules import PIN_INTERVAL

HASH_BYTES = 32
_DECIMAL = re.compile(r"([0-9]{1,20})(?:\.([0-9]{0,18}))?", re.ASCII)
"""Older nodes write a dot behind the amounts of an asset without decimals (FundsDecimal::to_string)."""


def unwrap(reply: JsonReader, network: Network) -> JsonReader | NodeError:
    """The data of *reply*, or the error that it tells.

    :raises BadInput: ``json.field`` if it is neither, or both.
    """
    code = reply.member("code").integer(limits.U32)
    if reply.names() >= {"data", "error"}:
        raise reply.unfit("both data and an error")
    if code == 0:
        return reply.member("data")
    return NodeError(network, code, reply.member("error").text())


def head(data: JsonReader, synced: bool) -> Head:
    """The head in *data*: a pin height is a multiple of 32 and not above the chain's length (facts: Pins)."""
    length = data.member("height").integer(limits.U32)
    pin_height = data.member("pinHeight").integer(length)
    if pin_height % PIN_INTERVAL:
        raise data.member("pinHeight").unfit(f"{pin_height} is not a pin height")
    return Head(pin_height, data.member("pinHash").octets(HASH_BYTES), length, synced)


def minimum_fee(value: int, place: JsonReader) -> int:
    """*value* if a minimum fee can be so."""
    if not 0 < value <= limits.WART_SUPPLY_E8:
        raise place.unfit(f"{value} E8 cannot be a minimum fee")
    return value


def address(reader: JsonReader) -> Address:
    """The address with its checksum."""
    return Address.parse(reader.text(), reader.where)


def same_account(expected: Address, reader: JsonReader) -> None:
    """Refuse a reply about another account."""
    if address(reader) != expected:
        raise reader.unfit("another account than the one asked for")


def wart(number: JsonReader, text: JsonReader) -> int:
    """E8 as a number and the same as text."""
    e8 = number.integer(limits.U64)
    check_text(text, e8, WART_DECIMALS)
    return e8


def check_text(reader: JsonReader, value: int, decimals: int) -> None:
    """Refuse a text that says otherwise than *value* with so many decimals. The node writes a bare "0" for nothing."""
    match = _DECIMAL.fullmatch(reader.text())
    if match is None or len(match[2] or "") > decimals:
        raise reader.unfit("not the decimal text of an amount")
    if int(match[1] + (match[2] or "").ljust(decimals, "0")) != value:
        raise reader.unfit("says otherwise than the number beside it")


def version(data: JsonReader) -> Version:
    """The software's version."""
    major, minor, patch = (data.member(name).integer(limits.U32) for name in ("major", "minor", "patch"))
    return Version(major, minor, patch)


def confirmations(reader: JsonReader, is_mined: bool) -> int:
    """The confirmations, which count from 1 once mined."""
    count = reader.integer(limits.U32)
    if bool(count) != is_mined:
        raise reader.unfit(f"{count} confirmations of a {'mined' if is_mined else 'pending'} transaction")
    return count
