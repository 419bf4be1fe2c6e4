"""CoinSpark's one command and all parameters of its document, with their bounds.

A parameter that is left out is not sent: the service then applies its own default, and the review says which. Two are
always sent, since a default that nobody sees decides about the network and the quantity: ``testnet`` and ``rounding``.
"""

import re
from dataclasses import replace

from coldtusk_shared import forms, limits
from coldtusk_shared.cbor import Value
from coldtusk_shared.command import Command, Field
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.forms import FieldValue, Form
from coldtusk_shared.mapreader import WRONG_TYPE
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.coinspark.quantity import Rounding
from coldtusk_shared.text import check_text, quoted

ENDS = Code("coinspark.text-ends", "leave out the blanks at its ends: the asset's hash knows none")
URL = Code("coinspark.contract-url", "write https://host/path, or http: a lower-case host, no user, nothing behind #")
TEMPLATE = Code("coinspark.contract-template", 'write "us" or "uk", or the https address of a template of your own')
LINES = Code("coinspark.lines", "give one to eight lines, none of them empty")

_URL = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[1-9][0-9]{0,4})?/[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]*"
)
_TEMPLATES = ("us", "uk")
_MULTIPLE_DIGITS, _MULTIPLE_PLACES = 14, 6
"""The asset's hash holds millionths; PHP, which answers, writes 14 digits (the document's examples are PHP's JSON)."""
_BTC_DIGITS, _BTC_PLACES = 16, 8


def _text(most: int) -> Form:
    plain = forms.text(most)

    def read(value: Value, where: str) -> str:
        text = str(plain.read(value, where))
        if text != text.strip(" "):
            raise BadInput(ENDS, "there are blanks at its ends", where=where)
        return text

    return replace(forms.of_text("a text", read), free=True)


def _read_lines(value: Value, where: str) -> str:
    if type(value) is not str:
        raise BadInput(WRONG_TYPE, "not a text", where=where)
    if len(value) > limits.COINSPARK_TEXT_BYTES or not 1 <= len(lines_of(value)) <= limits.COINSPARK_LINES:
        raise BadInput(LINES, "too many lines, or too long ones", where=where)
    line = _text(limits.COINSPARK_TEXT_BYTES)
    for one in lines_of(value):
        if not one:
            raise BadInput(LINES, "an empty line", where=where)
        line.read(one, where)
    return value


def _parse_lines(typed: str, where: str) -> str:
    """People cannot type a new line in a shell: they write a backslash and an n, as the document does."""
    return _read_lines(typed.replace("\\n", "\n"), where)


def _read_url(value: Value, where: str) -> str:
    text = check_text(value, where, limits.SERVICE_URL_BYTES)
    if not _URL.fullmatch(text):
        raise BadInput(URL, f"{quoted(text)} is not such an address", where=where)
    return text


def _read_template(value: Value, where: str) -> str:
    text = check_text(value, where, limits.SERVICE_URL_BYTES)
    if text in _TEMPLATES:
        return text
    try:
        return str(forms.HTTPS.read(text, where))
    except BadInput:
        raise BadInput(TEMPLATE, f"{quoted(text)} is neither", where=where) from None


def lines_of(text: str) -> list[str]:
    """The lines of a field that may have several."""
    return text.split("\n")


_NAME = _text(limits.COINSPARK_TEXT_BYTES)
_BTC = forms.amount(_BTC_DIGITS, _BTC_PLACES)

_PAGE = replace(forms.token(most=limits.SERVICE_URL_BYTES), free=True)
_CONTRACT = replace(forms.of_text("an address on the web", _read_url), free=True)
_LINES = Form("lines, with \\n between", _read_lines, _parse_lines, free=True)
_TEMPLATE = replace(forms.of_text('"us", "uk" or an https address', _read_template), free=True)

CREATE_ASSET = Command(
    "create_asset",
    Risk.RELEASES_SECRET,
    (
        Field(1, "testnet", forms.FLAG, label="Testnet"),
        Field(2, "asset_url", _PAGE, True, "Page"),
        Field(3, "contract_url", _CONTRACT, True, "Contract"),
        Field(4, "issuer", _NAME, True, "Issuer"),
        Field(5, "issuer_address", _LINES, True, "Address"),
        Field(6, "name", _NAME, True, "Name"),
        Field(7, "name_short", _NAME, True, "Short name"),
        Field(8, "description", _text(limits.TEXT_BYTES), True, "Description"),
        Field(9, "raw_quantity", forms.uint(), True, "Quantity"),
        Field(10, "display_multiple", forms.amount(_MULTIPLE_DIGITS, _MULTIPLE_PLACES), True, "Multiple"),
        Field(11, "value_per_unit", _NAME, True, "Unit value"),
        Field(12, "send_to_address", forms.ADDRESS, True, "To"),
        Field(13, "contract_template", _TEMPLATE, label="Template"),
        Field(14, "governing_law", _NAME, label="Law"),
        Field(15, "expiry_timestamp", forms.uint(1, limits.COINSPARK_EXPIRY), label="Expires"),
        Field(16, "charge_basis_points", forms.uint(), label="Charge"),
        Field(17, "charge_flat_raw_qty", forms.uint(), label="Flat charge"),
        Field(18, "rounding", forms.choice(*(one.value for one in Rounding)), label="Rounding"),
        Field(19, "send_btc", _BTC, label="Send"),
        Field(20, "num_outputs", forms.uint(1, limits.COINSPARK_OUTPUTS), label="Outputs"),
        Field(21, "fee_btc", _BTC, label="Fee"),
        Field(22, "confirmations", forms.uint(1, limits.COINSPARK_CONFIRMATIONS), label="Confirmed"),
        Field(23, "residents", _NAME, label="Residents"),
        Field(24, "prohibited", _NAME, label="Prohibited"),
    ),
)
"""In the document's order, but that ``testnet`` comes first. The numbers with bounds of their own are checked, with
what hangs together, in :mod:`.asset`: their refusals say more than a range does."""

COMMANDS = {CREATE_ASSET.name: CREATE_ASSET}
METHOD = "coinspark_create_asset"
DEFAULTS = {
    "contract_template": "uk",
    "governing_law": "English law",
    "expiry_timestamp": "none",
    "charge_basis_points": "0",
    "charge_flat_raw_qty": "0",
    "send_btc": "0.0001",
    "num_outputs": "1",
    "fee_btc": "0.0001",
    "confirmations": "6",
    "residents": "n/a",
    "prohibited": "n/a",
}
"""What the service applies to a parameter that is left out (its document)."""
ALWAYS_SENT: dict[str, FieldValue] = {"testnet": False, "rounding": Rounding.UP.value}
"""What a message always has, with the document's defaults, which whoever builds it fills in."""
