"""One CoinPayments item: a command with its fields, on the wire and back.

This leaf of a system's folder is what :mod:`coldtusk_shared.services` loads.
"""

import re
from dataclasses import dataclass

from coldtusk_shared import cbor, limits, value
from coldtusk_shared import command as commands
from coldtusk_shared.cbor import Encodable, Value
from coldtusk_shared.command import Command, Fields
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.mapreader import MapReader
from coldtusk_shared.risk import Risk
from coldtusk_shared.services import UNKNOWN_KIND
from coldtusk_shared.services.coinpayments import mass
from coldtusk_shared.services.coinpayments.body import HIGHEST_NONCE, body
from coldtusk_shared.services.coinpayments.commands import COMMANDS
from coldtusk_shared.services.coinpayments.payments import MASS_WITHDRAWAL, ROW
from coldtusk_shared.services.coinpayments.values import SYSTEM, values
from coldtusk_shared.text import quoted

KEY = Code("coinpayments.key", "give the public key as the service shows it: letters and digits")
TOO_LONG = Code("coinpayments.body-long", "shorten the texts, or split the mass withdrawal")

_KEY = re.compile(rf"[0-9A-Za-z_.-]{{1,{limits.ACCOUNT_BYTES}}}")
_NOT_WANTED = frozenset({"note", "ipn_url", "auto_confirm", "add_tx_fee", "success_url", "cancel_url"})
"""Fields that are about the way: two payments that differ in them alone pay twice."""


@dataclass(frozen=True, slots=True)
class CoinPaymentsContent:
    """One call: the account is its public key in ASCII. *rows* are those of a mass withdrawal, which has no *given*."""

    account: bytes
    command: Command
    given: Fields
    rows: tuple[Fields, ...] = ()

    @property
    def kind(self) -> str:
        """``coinpayments/`` and the command."""
        return f"{SYSTEM}/{self.command.name}"

    @property
    def scope(self) -> str:
        """The service: it has one network."""
        return SYSTEM

    @property
    def key(self) -> str:
        """The public key, as it is sent."""
        return self.account.decode("ascii")

    @property
    def not_after(self) -> None:
        """The service knows no deadline: the host chooses."""
        return

    @property
    def slot(self) -> tuple[str, bytes, bytes]:
        """Two calls that are equal in all but their nonce are a double."""
        return (self.kind, self.account, cbor.encode(self.fields()))

    @property
    def risk(self) -> Risk:
        """The command's."""
        return self.command.risk

    @property
    def releases(self) -> bool:
        """An HMAC is no secret."""
        return False

    def values(self) -> tuple[value.Value, ...]:
        """What the call moves (:mod:`.values`)."""
        return values(self.command, self.given, self.rows)

    def intent(self) -> list[Encodable]:
        """Who pays what to whom, equal amounts written alike, without notes and the like."""
        found: list[Encodable] = [wanted(self.command, self.given)]
        if self.rows:
            found = [wanted(ROW, row) for row in self.rows]
        return [self.kind, self.account, *found]

    def fields(self) -> dict[int, Encodable]:
        """As the CDDL has them."""
        return mass.encode(self.rows) if self.rows else commands.encode(self.command, self.given)

    def evidence(self) -> dict[int, Encodable]:
        """There is none."""
        return {}

    def body(self, nonce: int) -> bytes:
        """The exact body with *nonce*."""
        return body(self.key, self.command, self.given, self.rows, nonce)


def parse(kind: str, account: bytes, fields: Value, evidence: Value, where: str) -> CoinPaymentsContent:
    """One item's content: every field read strictly, the body inside its cap whatever the nonce."""
    system, _, name = kind.partition("/")
    if system != SYSTEM or name not in COMMANDS:
        raise BadInput(UNKNOWN_KIND, f"{quoted(kind)} is no command of CoinPayments", where=f"{where}.kind")
    MapReader(evidence, f"{where}.evidence").done()
    if COMMANDS[name] is MASS_WITHDRAWAL:
        return make(account, MASS_WITHDRAWAL, {}, mass.read(fields, f"{where}.fields"), where)
    return make(account, COMMANDS[name], commands.read(COMMANDS[name], fields, f"{where}.fields"), (), where)


def make(
    account: bytes, command: Command, given: Fields, rows: tuple[Fields, ...] = (), where: str = ""
) -> CoinPaymentsContent:
    """The content of fields that have been read.

    :raises BadInput: ``coinpayments.key``, ``coinpayments.body-long``.
    """
    check_key(account.decode("ascii", "replace"), f"{where}.account" if where else "account")
    content = CoinPaymentsContent(account, command, given, rows)
    size = len(content.body(HIGHEST_NONCE))
    if size > limits.SERVICE_BODY_BYTES:
        what = f"the body would have {size} bytes, the most is {limits.SERVICE_BODY_BYTES}"
        raise BadInput(TOO_LONG, what, where=f"{where}.fields" if where else "fields")
    return content


def check_key(text: str, where: str) -> str:
    """*text* itself if it is a public key.

    :raises BadInput: ``coinpayments.key``.
    """
    if not _KEY.fullmatch(text):
        raise BadInput(KEY, f"{quoted(text)} is no public key", where=where)
    return text


def wanted(command: Command, given: Fields) -> dict[int, Encodable]:
    """What *given* pays to whom: equal for two that would pay twice, however they are written."""
    own = {"currency2"} if given.get("currency2") == given.get("currency") else set()  # it says nothing then
    kept = {name: one for name, one in given.items() if name not in _NOT_WANTED | own}
    return commands.same(command, kept)
