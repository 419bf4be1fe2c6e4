"""Single fields of a POST body, each with the node's own error for a wrong one."""

from coldtusk_online.rehearsal import jsonreader
from coldtusk_online.rehearsal.jsonreader import Document
from coldtusk_online.rehearsal.numbers import read_address, read_funds, read_hex, round_fee
from coldtusk_online.rehearsal.reasons import Reason, Rejection
from coldtusk_online.rehearsal.transactions import signature_parses
from coldtusk_shared.services.warthog.network import Network


def signature(document: Document, network: Network) -> bytes:
    """The 65 bytes of ``signature65``; what main calls corrupted, defi cannot parse (recorded)."""
    raw = read_hex(text(document, "signature65", Reason.BAD_SIGNATURE), 65, Reason.BAD_SIGNATURE)
    if not signature_parses(raw):
        raise Rejection(Reason.CORRUPTED_SIGNATURE if network is Network.MAIN else Reason.BAD_SIGNATURE)
    return raw


def fee(document: Document, text_key: str) -> int:
    """E8 of the fee, under *text_key* or ``feeE8`` but not both; exact in 16 bits."""
    given = [key for key in (text_key, "feeE8") if key in document]
    if text_key in document:
        e8 = read_funds(text(document, text_key, Reason.BAD_FEE))
        if e8 is None:
            raise Rejection(Reason.BAD_FUNDS)
    else:
        e8 = jsonreader.as_u64(document.get("feeE8"))
    if len(given) != 1 or e8 is None:
        raise Rejection(Reason.BAD_FEE)
    if round_fee(e8) != e8:
        raise Rejection(Reason.INEXACT_FEE)
    return e8


def pin_height(document: Document, *, signed: bool) -> int:
    """``pinHeight``; *signed* where the node reads it as int32 (main)."""
    height = u32(document, "pinHeight", Reason.BAD_HEIGHT)
    if height % 32 or (signed and height >= 2**31):
        raise Rejection(Reason.BAD_HEIGHT)
    return height


def funds(document: Document, text_key: str, e8_key: str) -> int:
    """E8 under *text_key* or *e8_key*, exactly one of them."""
    if (text_key in document) == (e8_key in document):
        raise Rejection(Reason.BAD_AMOUNT)
    if e8_key in document:
        return u64(document, e8_key, Reason.BAD_AMOUNT)
    e8 = read_funds(text(document, text_key, Reason.BAD_AMOUNT))
    if e8 is None:
        raise Rejection(Reason.BAD_AMOUNT)
    return e8


def address(document: Document) -> bytes:
    """The 20 bytes of ``toAddr``."""
    return read_address(text(document, "toAddr", Reason.BAD_ADDRESS))


def asset_hash(document: Document) -> bytes:
    """The 32 bytes of ``assetHash``."""
    return read_hex(text(document, "assetHash", Reason.BAD_HASH), 32, Reason.BAD_HASH)


def text(document: Document, key: str, reason: Reason) -> str:
    """A string, or *reason*."""
    value = document.get(key)
    if not isinstance(value, str):
        raise Rejection(reason)
    return value


def flag(document: Document, key: str, reason: Reason) -> bool:
    """A boolean and nothing like one, or *reason*."""
    value = document.get(key)
    if not isinstance(value, bool):
        raise Rejection(reason)
    return value


def u64(document: Document, key: str, reason: Reason) -> int:
    """A number as uint64, or *reason*."""
    value = jsonreader.as_u64(document.get(key))
    if value is None:
        raise Rejection(reason)
    return value


def u32(document: Document, key: str, reason: Reason) -> int:
    """A number as uint32, or *reason*."""
    value = jsonreader.as_u32(document.get(key))
    if value is None:
        raise Rejection(reason)
    return value


def some(value: int, reason: Reason) -> int:
    """*value* if it is not 0, or *reason*."""
    if value == 0:
        raise Rejection(reason)
    return value
