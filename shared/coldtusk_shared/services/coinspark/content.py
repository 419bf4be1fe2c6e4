"""One CoinSpark item: the parameters of an asset's creation, on the wire and back.

This leaf of a system's folder is what :mod:`coldtusk_shared.services` loads.
"""

from dataclasses import dataclass
from fractions import Fraction

from coldtusk_shared import command, value
from coldtusk_shared.cbor import Encodable, Value
from coldtusk_shared.command import REQUIRED, Command, Fields
from coldtusk_shared.errors import BadInput
from coldtusk_shared.mapreader import WRONG_LENGTH, MapReader
from coldtusk_shared.risk import Risk
from coldtusk_shared.services import UNKNOWN_KIND
from coldtusk_shared.services.coinspark.asset import BTC_E8, Asset, asset_of
from coldtusk_shared.services.coinspark.commands import ALWAYS_SENT, COMMANDS
from coldtusk_shared.text import quoted
from coldtusk_shared.value import Currency

SYSTEM = "coinspark"
ACCOUNT_BYTES = 16
"""Random, made when the API key is enrolled."""


@dataclass(frozen=True, slots=True)
class CoinSparkContent:
    """One call: the account whose key is released, the parameters that are given, and what they come to."""

    account: bytes
    command: Command
    given: Fields
    asset: Asset

    @property
    def kind(self) -> str:
        """``coinspark/`` and the command."""
        return f"{SYSTEM}/{self.command.name}"

    @property
    def scope(self) -> str:
        """``coinspark/`` and the bitcoin network."""
        return f"{SYSTEM}/{'testnet' if self.asset.testnet else 'main'}"

    @property
    def not_after(self) -> None:
        """The service knows no deadline: the host chooses."""
        return

    @property
    def slot(self) -> tuple[str, str]:
        """The asset's page: it can name one genesis transaction only."""
        return (self.scope, self.asset.url.text)

    @property
    def risk(self) -> Risk:
        """The key can do whatever the service lets it do."""
        return self.command.risk

    @property
    def releases(self) -> bool:
        """The body has the API key in it."""
        return True

    def values(self) -> tuple[value.Value, ...]:
        """The bitcoin that goes to the asset's recipient, and the fee."""
        bitcoin = Currency(self.scope, "BTC")
        return (
            value.Value(bitcoin, Fraction(self.asset.send_e8, BTC_E8), str(self.given["send_to_address"])),
            value.Value(bitcoin, Fraction(self.asset.fee_e8, BTC_E8), None),
        )

    def intent(self) -> list[Encodable]:
        """Whose asset, and all of its parameters, equal ones written alike."""
        return [self.kind, self.account, command.same(self.command, self.given)]

    def fields(self) -> dict[int, Encodable]:
        """The parameters as the CDDL has them."""
        return command.encode(self.command, self.given)

    def evidence(self) -> dict[int, Encodable]:
        """There is none: everything is computed from the parameters."""
        return {}


def parse(kind: str, account: bytes, fields: Value, evidence: Value, where: str) -> CoinSparkContent:
    """One item's content: every parameter read strictly, and all of them together checked."""
    system, _, name = kind.partition("/")
    if system != SYSTEM or name not in COMMANDS:
        raise BadInput(UNKNOWN_KIND, f"{quoted(kind)} is no call of CoinSpark", where=f"{where}.kind")
    if len(account) != ACCOUNT_BYTES:
        raise BadInput(WRONG_LENGTH, f"{len(account)} bytes, not {ACCOUNT_BYTES}", where=f"{where}.account")
    MapReader(evidence, f"{where}.evidence").done()
    found = command.read(COMMANDS[name], fields, f"{where}.fields")
    return make(account, found, f"{where}.fields")


def make(account: bytes, given: Fields, where: str = "fields") -> CoinSparkContent:
    """The content for *given*, whose forms have been read.

    :raises BadInput: ``field.required``, and what :func:`asset_of` raises.
    """
    for name in ALWAYS_SENT:
        if name not in given:
            raise BadInput(REQUIRED, f"{name} is always said", where=where)
    return CoinSparkContent(account, COMMANDS["create_asset"], given, asset_of(given, where))
