"""What the service made, against what was asked: the fields of the page, the hash, the metadata of the chain.

The service chooses the issue date and writes the contract, so only its reply tells the asset's hash. Here it is
computed from the reply, and with it the 40 bytes that the genesis transaction must hold: whoever compares these with
the transaction has checked the asset itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from coldtusk_shared.services.coinspark.asset_hash import Hashed, asset_hash
from coldtusk_shared.services.coinspark.content import CoinSparkContent
from coldtusk_shared.services.coinspark.json_text import Number

_OP_RETURN = 0x6A


@dataclass(frozen=True, slots=True)
class Page:
    """``web_page_fields`` as far as they are ours: every text is the service's word."""

    name: str
    issuer: str
    description: str
    units: str
    multiple: Number
    issue_date: str
    expiry_date: str
    interest_rate: Number
    genesis_txid: str
    name_short: str
    contract_url: str

    @property
    def hashed(self) -> Hashed:
        """What reaches the asset's hash."""
        texts = (self.name, self.issuer, self.description, self.units, self.issue_date, self.expiry_date)
        return Hashed(*texts, self.interest_rate.value, self.multiple.value)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of the page that is not as asked: its name there, and both texts."""

    name: str
    asked: str
    answered: str


@dataclass(frozen=True, slots=True)
class Made:
    """The asset's hash, and the metadata that its genesis transaction must hold."""

    asset_hash: bytes
    metadata: bytes

    @property
    def script(self) -> bytes:
        """The output script that holds the metadata: OP_RETURN and one push, as an explorer shows it in hex."""
        return bytes((_OP_RETURN, len(self.metadata))) + self.metadata


def made(content: CoinSparkContent, page: Page, contract: bytes) -> Made:
    """The hash of *page* and *contract*, and the metadata for the parameters that were approved.

    :raises BadInput: ``coinspark.hash.nul``.
    """
    digest = asset_hash(page.hashed, contract)
    return Made(digest, content.asset.genesis.metadata(digest))


def differences(content: CoinSparkContent, page: Page, txid: str) -> tuple[Difference, ...]:
    """What of *page* is not as *content* asked; *txid* is the genesis transaction as the reply names it."""
    given, asset = content.given, content.asset
    rows: tuple[tuple[str, str, str, Callable[[str], Any]], ...] = (
        ("name", str(given["name"]), page.name, str),
        ("issuer", str(given["issuer"]), page.issuer, str),
        ("description", str(given["description"]), page.description, str),
        ("units", str(given["value_per_unit"]), page.units, str),
        ("multiple", str(given["display_multiple"]), page.multiple.text, _number),
        ("interest_rate", "0", page.interest_rate.text, _number),
        ("expiry_date", "" if asset.expiry is None else _date(asset.expiry), page.expiry_date, _instant),
        ("genesis_txid", txid, page.genesis_txid, str),
        ("name_short", str(given["name_short"]), page.name_short, str),
        ("contract_url", str(given["contract_url"]), page.contract_url, str),
    )
    return tuple(Difference(name, asked, is_) for name, asked, is_, same in rows if same(asked) != same(is_))


def _number(text: str) -> Any:
    return Number(text).value


def _date(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _instant(text: str) -> Any:
    """The moment that *text* names in any form of ISO 8601, so that two forms of one moment are equal."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return found if found.tzinfo else found.replace(tzinfo=UTC)
