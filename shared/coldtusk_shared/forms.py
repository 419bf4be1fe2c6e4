"""The kinds of typed fields that payment services' commands have.

A form reads a value of a message strictly, parses what a person types, writes the text that the service gets, and
makes values that mean the same equal. Nothing is converted on the way: what is a text here is the very text that the
service gets.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from coldtusk_shared import limits, plain_decimal
from coldtusk_shared.cbor import Value
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.mapreader import OUT_OF_RANGE, WRONG_TYPE
from coldtusk_shared.text import check_text, quoted

FieldValue = str | int | bool
"""What a form reads: a text, a whole number, or yes and no."""

ZERO = Code("amount.zero", "give an amount above zero")
CHARACTERS = Code("field.characters", "write it as the service does: no blanks, no other characters")
EMPTY = Code("field.empty", "leave the field out instead of leaving it empty")
NUMBER = Code("field.number", "write a whole number in decimal digits, without a sign and without leading zeros")
YES_NO = Code("field.yes-no", "write yes or no")
URL = Code("field.url", "write https://host/path: lower-case host, no user, no blank, nothing behind #")

_URL = re.compile(r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[1-9][0-9]{0,4})?(?:/[!\"$-~]*)?")
_EMAIL = r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
_NUMBER = re.compile(r"0|[1-9][0-9]*")
Reader = Callable[[Value, str], FieldValue]
"""A value of a message and where it stands, to the value itself; BadInput if it is not as it must be."""


def _itself(value: FieldValue) -> FieldValue:
    return value


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of field.

    *read* takes a message's value, *parse* what a person typed; *wire* gives the service's text; *same* is equal for
    two values that mean the same ("0.10" and "0.1"); *hint* says what a person may write.
    """

    hint: str
    read: Reader
    parse: Callable[[str, str], FieldValue]
    wire: Callable[[FieldValue], str] = str
    same: Callable[[FieldValue], FieldValue] = _itself
    free: bool = False
    """A text that somebody wrote: a screen quotes it."""
    grouped: bool = False
    """An address or an id: a screen shows it in groups of four."""


def of_text(hint: str, read: Reader, same: Callable[[FieldValue], FieldValue] = _itself) -> Form:
    """A form of texts: what a person types is what a message holds and what the service gets."""
    return Form(hint, read, read, str, same)


def amount(
    digits: int = limits.SERVICE_AMOUNT_DIGITS, places: int = limits.SERVICE_AMOUNT_PLACES, *, zero: bool = False
) -> Form:
    """A plain decimal above zero (or from zero on, if *zero*), kept as the text that it is."""

    def read(value: Value, where: str) -> str:
        text = _text(value, where)
        _, behind = plain_decimal.split(text, digits, where)
        if len(behind) > places:
            raise BadInput(plain_decimal.DIGITS, f"more than {places} digits behind the dot", where=where)
        if not zero and not text.strip("0."):
            raise BadInput(ZERO, "the amount is zero", where=where)
        return text

    return of_text("a decimal such as 0.125", read, _without_zeros)


def _without_zeros(value: FieldValue) -> str:
    """A plain decimal without zeros behind the last digit behind the dot: one text for one amount."""
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def token(
    pattern: str = r"[!-~]+", hint: str = "a text without blanks", most: int = limits.SERVICE_TOKEN_BYTES
) -> Form:
    """ASCII of a *pattern*, without blanks unless that has them: an address, an id, a tag, a currency."""
    matches = re.compile(pattern, re.ASCII).fullmatch

    def read(value: Value, where: str) -> str:
        text = check_text(_text(value, where), where, most)
        if not text:
            raise BadInput(EMPTY, "the text is empty", where=where)
        if not matches(text):
            raise BadInput(CHARACTERS, f"{quoted(text)} is not {hint}", where=where)
        return text

    return of_text(hint, read)


def text(most: int = limits.TEXT_BYTES) -> Form:
    """Text for people: NFC, without control, format or right-to-left characters, not empty."""

    def read(value: Value, where: str) -> str:
        found = check_text(_text(value, where), where, most)
        if not found.strip(" "):
            raise BadInput(EMPTY, "the text is empty", where=where)
        return found

    return replace(of_text("a text", read), free=True)


def uint(least: int = 0, most: int = limits.U64) -> Form:
    """A whole number from *least* to *most*."""

    def read(value: Value, where: str) -> int:
        if type(value) is not int:
            raise BadInput(WRONG_TYPE, "not a whole number", where=where)
        if not least <= value <= most:
            raise BadInput(OUT_OF_RANGE, f"{value} is not from {least} to {most}", where=where)
        return value

    def parse(typed: str, where: str) -> int:
        if len(typed) > limits.SERVICE_AMOUNT_DIGITS or not _NUMBER.fullmatch(typed):
            raise BadInput(NUMBER, f"{quoted(typed)} is not a whole number", where=where)
        return read(int(typed), where)

    return Form(f"a whole number from {least}" + ("" if most == limits.U64 else f" to {most}"), read, parse)


def choice(*known: str) -> Form:
    """One of a few texts."""
    hint = " or ".join(known)

    def read(value: Value, where: str) -> str:
        found = _text(value, where)
        if found not in known:
            raise BadInput(OUT_OF_RANGE, f"{quoted(found)} is not {hint}", where=where)
        return found

    return of_text(hint, read)


def _read_flag(value: Value, where: str) -> bool:
    if type(value) is not bool:
        raise BadInput(WRONG_TYPE, "not true or false", where=where)
    return value


def _parse_flag(typed: str, where: str) -> bool:
    if typed not in ("yes", "no"):
        raise BadInput(YES_NO, f"{quoted(typed)} is neither", where=where)
    return typed == "yes"


def _read_url(value: Value, where: str) -> str:
    found = check_text(_text(value, where), where, limits.SERVICE_URL_BYTES)
    if not _URL.fullmatch(found):
        raise BadInput(URL, f"{quoted(found)} is not such an address", where=where)
    return found


FLAG = Form("yes or no", _read_flag, _parse_flag, lambda value: "1" if value else "0")
"""Yes or no; the service gets 1 or 0."""
HTTPS = replace(of_text("https://host/path", _read_url), free=True)
"""An https address: lower-case host, no user, no fragment."""
EMAIL = token(_EMAIL, "an e-mail address")
ADDRESS = replace(token(), grouped=True)
"""An address, a tag or an id, as the service writes it."""
_AMOUNT = amount()
CURRENCY = token(r"[A-Z0-9][A-Z0-9._-]{0,23}", "a currency as the service writes it, in capitals", 24)


def alike(text: str) -> str:
    """*text*, of an amount without the zeros that say nothing: for equal wishes where nobody knows a field's form."""
    try:
        return str(_AMOUNT.same(_AMOUNT.read(text, "")))
    except BadInput:
        return text


def _text(value: Value, where: str) -> str:
    if type(value) is not str:
        raise BadInput(WRONG_TYPE, "not a text", where=where)
    return value
