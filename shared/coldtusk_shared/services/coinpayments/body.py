"""The exact body of a call: what the device MACs, and what is sent verbatim (facts: CoinPayments).

``version``, ``key``, ``cmd``, ``nonce``, ``format``, then the command's fields in the order of its table. Unreserved
characters of RFC 3986 (2.3) stand bare, all other bytes of the UTF-8 as %XX in capitals, in names as in values: every
decoder gives the same fields again.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from coldtusk_shared import limits
from coldtusk_shared.command import Command, Fields
from coldtusk_shared.services.coinpayments import mass

HIGHEST_NONCE: Final = limits.COINPAYMENTS_NONCE
_BARE = re.compile(r"[A-Za-z0-9._~-]*", re.ASCII).fullmatch
_RESERVED = re.compile(rb"[^A-Za-z0-9._~-]")


def body(key: str, command: Command, given: Fields, rows: Sequence[Fields], nonce: int) -> bytes:
    """The bytes of one call with the public *key*: the same for the same arguments, in printable ASCII."""
    if not 0 <= nonce <= HIGHEST_NONCE:
        raise RuntimeError(f"{nonce} is no nonce")
    main = (("version", "1"), ("key", key), ("cmd", command.name), ("nonce", str(nonce)), ("format", "json"))
    return "&".join(_encoded((*main, *_own(command, given), *mass.pairs(rows)))).encode("ascii")


def _own(command: Command, given: Fields) -> Iterator[tuple[str, str]]:
    for field in command.fields:
        if field.name in given:
            yield field.name, field.form.wire(given[field.name])


def _encoded(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in pairs:
        yield f"{_percent(name)}={_percent(value)}"


def _percent(text: str) -> str:
    if _BARE(text):
        return text
    return _RESERVED.sub(_hex, text.encode("utf-8")).decode("ascii")


def _hex(byte: re.Match[bytes]) -> bytes:
    return b"%%%02X" % byte[0][0]
