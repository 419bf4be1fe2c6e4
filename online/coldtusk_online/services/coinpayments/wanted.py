"""What a call in doubt wanted to pay, read back from the exact bytes that the device signed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import parse_qsl

from coldtusk_online import json_strict
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.states import State
from coldtusk_online.services.coinpayments import replies
from coldtusk_online.services.coinpayments.build import note
from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.coinpayments import output as outputs
from coldtusk_shared.services.coinpayments.payments import MASS_WITHDRAWAL, WITHDRAWAL

LISTED = frozenset({WITHDRAWAL.name, MASS_WITHDRAWAL.name})
"""Commands whose payments the withdrawal history lists."""

_ROW = re.compile(r"wd\[(wd[0-9]+)\]\[([a-z0-9_]+)\]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One withdrawal of *call*. *row* is "" unless it is one of many; *address* is "" where the service resolves it.

    *amount* is None where it is priced in another currency.
    """

    call: Call
    row: str
    currency: str
    amount: Fraction | None
    address: str
    note: str

    @property
    def own_note(self) -> bool:
        """Whether the note is the payment's own (:func:`build.note`): then nobody else's withdrawal has it."""
        return self.note == f"{note(self.call.id)} {self.row}".rstrip()


def of_call(call: Call) -> list[Wanted]:
    """The withdrawals of *call*, which a device answered."""
    if call.output is None:
        raise RuntimeError("only what a device answered can be in doubt")
    pairs = parse_qsl(outputs.parse(call.output).body.decode("ascii"), keep_blank_values=True, strict_parsing=True)
    rows: dict[str, dict[str, str]] = {}
    for name, value in pairs:
        matched = _ROW.fullmatch(name)
        row, field = (matched[1], matched[2]) if matched else ("", name)
        rows.setdefault(row, {})[field] = value
    wanted = {row: fields for row, fields in rows.items() if "amount" in fields}
    return [_wanted(call, row, fields) for row, fields in wanted.items()]


def known_ids(past: Iterable[Call]) -> dict[str, int]:
    """The service's ids of withdrawals that are known to be settled calls of ours, with their nonces.

    A call that only looked at a withdrawal may have its id as reference, too: that makes it nobody's.
    """
    found: dict[str, int] = {}
    for call in past:
        if call.command not in LISTED or call.state is State.UNKNOWN:
            continue
        for one in (*call.reference.split(), *_row_ids(call)):
            found[one] = call.number or 0
    return found


def _wanted(call: Call, row: str, fields: dict[str, str]) -> Wanted:
    currency = fields["currency"]
    amount = Fraction(fields["amount"]) if fields.get("currency2", currency) == currency else None
    return Wanted(call, row, currency, amount, fields.get("address", ""), fields.get("note", ""))


def _row_ids(call: Call) -> list[str]:
    """The ids in the reply to a mass withdrawal: the reference holds the first of them only."""
    if call.command != MASS_WITHDRAWAL.name or not call.reply:
        return []
    try:
        document = json_strict.decode(call.reply)
    except BadInput:
        return []
    result = document.get("result") if isinstance(document, dict) else None
    return [replies.reference(row) for row in result.values()] if isinstance(result, dict) else []
