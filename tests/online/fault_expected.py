"""What an operator sees in each cell of the fault matrix. The tests hold the code to this table, and the page shows it.

The rules behind it (facts: Failure rules): what surely was not sent goes back and can be submitted again. What may have
happened is unknown. CoinPayments takes the identical bytes once, so they go again; nobody else's do. What only reads
puts nothing at stake.
"""

from collections.abc import Mapping
from typing import Final

from coldtusk_online.ledger.states import State
from coldtusk_shared.risk import Risk
from tests.online.fault_cells import Look, Outcome, Row
from tests.online.fault_troubles import CASES, NEVER_SENT, WHOLE, Case, Trouble

_UNREADABLE: Final = frozenset({Trouble.GARBAGE, Trouble.HTML, Trouble.TWICE})
"""A whole answer of HTTP with status 200 that says nothing."""
_SLOW_DOWN: Final = frozenset({Trouble.TOO_MANY, Trouble.UNAVAILABLE})
"""What coinsoftworks says to whoever asks too often; of an action only the first says so for sure."""
_NO_ANSWER: Final = "http.outcome-unknown"
_UNREADABLE_CODES: Final = {
    "coinpayments": "coinpayments.reply",
    "coinrpc": "coinrpc.reply.unclear",
    "coinspark": "coinspark.reply.unclear",
    "coinsoftworks": "coinsoftworks.unclear",
}
_NEVER_AGAIN: Final = {
    "coinrpc": "coinrpc.submit.never-again",
    "coinspark": "coinspark.submit.never-again",
    "coinsoftworks": "coinsoftworks.never-again",
}
_ASKED: Final[Mapping[Trouble, str]] = {
    Trouble.HANG: "http.timeout",
    Trouble.RESET_BEFORE: "http.cut",
    Trouble.RESET_AFTER: "http.cut",
    Trouble.LOST: "http.cut",
    Trouble.CUT: "http.cut",
    Trouble.NO_LENGTH: "http.reply",
    Trouble.REDIRECT: "http.status",
    Trouble.GATEWAY: "http.status",
    Trouble.HUGE: "http.size",
    **dict.fromkeys(_UNREADABLE, "coinsoftworks.reply"),
}
"""Why what may be asked again at will was not answered."""
_DONE: Final = Look(State.CONFIRMED)

Looks = tuple[Look, Look, Look]


def expected(row: Row, case: Case) -> Outcome:
    """What is seen after each of three submissions, and how many effects there are."""
    looks = _looks(row, case)
    happens = (case.done and case.trouble not in NEVER_SENT) or looks[-1] == _DONE
    return Outcome(looks, int(happens and has_effect(row)))


def has_effect(row: Row) -> bool:
    """Whether the service's books show that the row's call was carried out."""
    return row.risk is not Risk.READS and row.command != "authenticate"


def by_trouble(row: Row) -> dict[Trouble, dict[bool, Outcome]]:
    """The whole row: for each trouble the outcomes by whether the service had done it."""
    found: dict[Trouble, dict[bool, Outcome]] = {}
    for case in CASES:
        found.setdefault(case.trouble, {})[case.done] = expected(row, case)
    return found


def _looks(row: Row, case: Case) -> Looks:
    if case.trouble in WHOLE:
        return _DONE, _DONE, _DONE
    if case.trouble in NEVER_SENT:
        code = "http.connect" if case.trouble is Trouble.NOBODY else "http.certificate"
        return Look(State.ANSWERED, code), _DONE, _DONE
    if row.system == "coinpayments":
        return _sent_again(row, case)
    if row.command == "get_balance":
        over = Look(State.EXPIRED)
        return Look(State.EXPIRED, "coinrpc.submit.read-lost"), over, over
    if row.system == "coinsoftworks":
        return _coinsoftworks(row, case)
    return _never_again(row, case)


def _first(row: Row, case: Case) -> Look:
    unclear = case.trouble in _UNREADABLE or (row.system == "coinsoftworks" and case.trouble is Trouble.UNAVAILABLE)
    return Look(State.UNKNOWN, _UNREADABLE_CODES[row.system] if unclear else _NO_ANSWER)


def _sent_again(row: Row, case: Case) -> Looks:
    """CoinPayments: a nonce is used once, so the second sending is the first, or is refused."""
    first = _first(row, case)
    if not case.done:
        return first, _DONE, _DONE
    if row.risk is Risk.READS:
        return first, Look(State.REJECTED, "coinpayments.nonce"), Look(State.REJECTED)
    used = Look(State.UNKNOWN, "coinpayments.nonce-used")
    return first, used, used


def _never_again(row: Row, case: Case) -> Looks:
    held = Look(State.UNKNOWN, _NEVER_AGAIN[row.system])
    return _first(row, case), held, held


def _coinsoftworks(row: Row, case: Case) -> Looks:
    """Asking does no harm; a bearer goes with its process."""
    late = Look(State.EXPIRED, "coinsoftworks.no-bearer"), Look(State.EXPIRED)
    if row.command.startswith("execute"):
        if case.trouble is Trouble.TOO_MANY:
            return Look(State.ANSWERED, "coinsoftworks.slower"), *late
        return _never_again(row, case)
    if case.trouble in _SLOW_DOWN:
        return _DONE, _DONE, _DONE
    first = Look(State.ANSWERED, _ASKED[case.trouble])
    return (first, _DONE, _DONE) if row.command == "authenticate" else (first, *late)
