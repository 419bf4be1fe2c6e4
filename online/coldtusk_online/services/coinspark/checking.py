"""After an asset was created: its page's fields and its contract, its hash, and the metadata of the chain.

The contract is fetched from the service itself and over https, wherever its link points to: on another host, or in the
clear, anybody could answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from urllib.parse import urlsplit

from coldtusk_online.base_url import BaseUrl
from coldtusk_online.http import HttpClient
from coldtusk_online.json_reader import FIELD, JsonReader
from coldtusk_online.json_strict import Json as Strict
from coldtusk_online.json_strict import JsonNumber
from coldtusk_online.services.coinspark.replies import Created
from coldtusk_shared import limits, plain_decimal
from coldtusk_shared.errors import BadInput, Code, Outside
from coldtusk_shared.services.coinspark import reply as replies
from coldtusk_shared.services.coinspark.asset import BTC_E8
from coldtusk_shared.services.coinspark.content import CoinSparkContent
from coldtusk_shared.services.coinspark.json_text import Json, Number
from coldtusk_shared.services.coinspark.page import page_json
from coldtusk_shared.services.coinspark.reply import Difference, Made, Page
from coldtusk_shared.text import quoted

LINK = Code("coinspark.contract.link", "ask the service where the contract is: the link leads to another host")

_PLACE = "result.web_page_fields"
_LINK_PLACE = "result.contract_final"
_TEXTS = (
    "name",
    "issuer",
    "description",
    "units",
    "issue_date",
    "expiry_date",
    "genesis_txid",
    "name_short",
    "contract_url",
)
_NUMBERS = ("multiple", "interest_rate")


@dataclass(frozen=True, slots=True)
class Checked:
    """An asset as it was created. *page* is the JSON for its web page."""

    made: Made
    differences: tuple[Difference, ...]
    page: bytes = field(repr=False)
    contract: bytes = field(repr=False)


def check(content: CoinSparkContent, created: Created, http: HttpClient, base: BaseUrl) -> Checked:
    """Fetch the contract and compare everything with *content*; it may be done again at will.

    :raises BadInput: ``coinspark.contract.link``, ``json.field``, ``coinspark.json.number``, ``coinspark.hash.nul``.
    :raises Outside: what fetching raises.
    """
    fields = created.page_fields
    page = read_page(fields)
    path = path_of(created.contract_link, base)
    contract = http.call(base, path, method="GET", failure=Outside).body
    found = (*replies.differences(content, page, created.txid), *_cost(content, created))
    return Checked(replies.made(content, page, contract), found, page_json(exact(fields)), contract)


def read_page(fields: Mapping[str, Strict]) -> Page:
    """The fields that are ours, each of its type."""
    reader = JsonReader(dict(fields), _PLACE)
    texts: dict[str, Any] = {name: reader.member(name).text() for name in _TEXTS}
    numbers: dict[str, Any] = {name: _number(fields, name) for name in _NUMBERS}
    return Page(**texts, **numbers)


def exact(fields: Mapping[str, Strict]) -> dict[str, Json]:
    """*fields* as we write JSON: numbers keep their text."""
    return {name: _exact(value) for name, value in fields.items()}


def path_of(link: str, base: BaseUrl) -> str:
    """Path and query of *link*, which must lead to the host of *base*.

    :raises BadInput: ``coinspark.contract.link``.
    """
    if not (link.isascii() and link.isprintable()) or " " in link or len(link) > limits.SERVICE_URL_BYTES:
        raise BadInput(LINK, f"{quoted(link)} is no link", where=_LINK_PLACE)
    try:
        parts = urlsplit(link)
        leads_here = parts.hostname == base.host
    except ValueError:
        raise BadInput(LINK, f"{quoted(link)} is no link", where=_LINK_PLACE) from None
    if not leads_here:
        raise BadInput(LINK, f"{quoted(link)} leads elsewhere than to {base.host}", where=_LINK_PLACE)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.path or '/'}{query}"


def _cost(content: CoinSparkContent, created: Created) -> tuple[Difference, ...]:
    asset, spent = content.asset, _number(created.result, "spent_btc", "result")
    asked = Fraction(asset.send_e8 + asset.fee_e8, BTC_E8)
    if spent.value == asked:
        return ()
    return (Difference("spent_btc", plain_decimal.exact_text(asked), spent.text),)


def _number(fields: Mapping[str, Strict], name: str, where: str = _PLACE) -> Number:
    value = fields.get(name)
    if isinstance(value, JsonNumber):
        return Number(value.text)
    if type(value) is not int:
        raise BadInput(FIELD, "not a number", where=f"{where}.{name}")
    return Number(str(value))


def _exact(value: Strict) -> Json:
    match value:
        case JsonNumber(text):
            return Number(text)
        case dict():
            return exact(value)
        case list():
            return [_exact(element) for element in value]
        case _:
            return value
