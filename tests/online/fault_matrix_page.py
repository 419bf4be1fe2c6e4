"""The fault matrix for people: a grid for the terminal, and the page of the manual.

``python tests/online/fault_matrix_page.py`` writes docs/manual/fault-matrix.md anew from the table that the tests hold
the code to.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), *(str(ROOT / part) for part in ("shared", "online", "offline"))]

from coldtusk_online import http, http_reply  # noqa: E402 - a script finds the packages only now
from coldtusk_online.ledger.states import State  # noqa: E402
from coldtusk_online.services.coinpayments import replies as coinpayments_replies  # noqa: E402
from coldtusk_online.services.coinpayments import submit as coinpayments  # noqa: E402
from coldtusk_online.services.coinrpc import replies as coinrpc_replies  # noqa: E402
from coldtusk_online.services.coinrpc import submit as coinrpc  # noqa: E402
from coldtusk_online.services.coinsoftworks import acting, asking, bearer  # noqa: E402
from coldtusk_online.services.coinsoftworks import replies as coinsoftworks_replies  # noqa: E402
from coldtusk_online.services.coinsoftworks import submit as coinsoftworks  # noqa: E402
from coldtusk_online.services.coinspark import replies as coinspark_replies  # noqa: E402
from coldtusk_online.services.coinspark import submit as coinspark  # noqa: E402
from coldtusk_shared.errors import Code  # noqa: E402
from tests.online.fault_cells import ROWS, Look, Outcome, Row  # noqa: E402
from tests.online.fault_expected import by_trouble  # noqa: E402
from tests.online.fault_troubles import Trouble  # noqa: E402

PATH: Final = ROOT / "docs" / "manual" / "fault-matrix.md"
_MODULES: Final = (
    http,
    http_reply,
    coinpayments_replies,
    coinpayments,
    coinrpc_replies,
    coinrpc,
    acting,
    asking,
    bearer,
    coinsoftworks_replies,
    coinsoftworks,
    coinspark_replies,
    coinspark,
)
"""Where the codes stand that the matrix names."""
_LETTERS: Final[Mapping[State, str]] = {
    State.CONFIRMED: "C",
    State.ANSWERED: "A",
    State.UNKNOWN: "U",
    State.REJECTED: "R",
    State.EXPIRED: "E",
}
_LEGEND: Final = """C confirmed, A answered, U unknown, R rejected by the service, E expired (over).
First > after submitting again, if the service had done it | if it had not; "-" where that cannot be."""
_HEAD: Final = """# When something goes wrong on the way to a payment service

What an operator sees after `coldtusk-online submit` if one thing goes wrong once, and what the same command gives when
it is run again while all is well. This page is made from the table that the tests hold the code to
(`tests/online/test_fault_matrix.py`, on real sockets with TLS); `python tests/online/fault_matrix_page.py` writes it.

In every line at most one payment is made, however often the response is submitted.

- **confirmed**: the service said that it did it.
- **answered**: the device's answer is here. It was not sent, or it only asks, or the service said that it did nothing
  (429 is taken for such a word). `submit` sends it, or says that it is over.
- **unknown**: it may have happened. Nothing new is to be sent before it is known.
- **rejected**: the service said no. **expired**: it is over, and is never sent again. It was not carried out, or it
  only asked and its answer was lost.

A service that got a call may have carried it out, or not: from here nobody can tell. Where that makes a difference to
the second submission, the two last columns say so.
"""
_BEHIND: Final = """## What the errors tell to do

| Error | What to do |
| --- | --- |
"""


def grid() -> str:
    """The matrix with a letter for each state, a column for each call."""
    heads = [f"{number} {row.name} ({row.risk.value})" for number, row in enumerate(ROWS, 1)]
    widest = max(len(trouble.value) for trouble in Trouble)
    columns = [by_trouble(row) for row in ROWS]
    lines = [" " * widest + "".join(f"{number:>7}" for number in range(1, len(ROWS) + 1))]
    for trouble in Trouble:
        cells = (f"{_letters(column[trouble]):>7}" for column in columns)
        lines.append(f"{trouble.value:<{widest}}{''.join(cells)}")
    return "\n".join([_LEGEND, *heads, "", *lines, ""])


def markdown() -> str:
    """The page."""
    tables = [f"## {_title(row)}\n\n{_table(row)}" for row in ROWS]
    return "\n".join([_HEAD, *tables, _BEHIND + "".join(_hints())])


def _title(row: Row) -> str:
    return f"{row.system}: {row.command} ({row.risk.value})"


def _table(row: Row) -> str:
    """Troubles with one outcome share a line."""
    lines: dict[tuple[str, str, str], list[str]] = {}
    for trouble, outcomes in by_trouble(row).items():
        lines.setdefault(_columns(outcomes), []).append(trouble.value)
    rows = (f"| {'; '.join(names)} | {' | '.join(columns)} |\n" for columns, names in lines.items())
    head = "| What goes wrong | First | Again, if it was done | Again, if it was not |\n| --- | --- | --- | --- |\n"
    return head + "".join(rows)


def _columns(outcomes: Mapping[bool, Outcome]) -> tuple[str, str, str]:
    first = next(iter(outcomes.values())).looks[0]
    again = {done: _shown(outcome.looks[1]) for done, outcome in outcomes.items()}
    return _shown(first), again.get(True, "-"), again.get(False, "-")


def _shown(look: Look) -> str:
    return f"{look.state.value} `{look.code}`" if look.code else look.state.value


def _letters(outcomes: Mapping[bool, Outcome]) -> str:
    first = next(iter(outcomes.values())).looks[0]
    again = "|".join(_LETTERS[outcomes[done].looks[1].state] if done in outcomes else "-" for done in (True, False))
    return f"{_LETTERS[first.state]}>{again}"


def _hints() -> Iterator[str]:
    known = codes()
    named = {
        look.code for row in ROWS for pair in by_trouble(row).values() for one in pair.values() for look in one.looks
    }
    for name in sorted(named - {""}):
        yield f"| `{name}` | {known[name].hint} |\n"


def codes() -> dict[str, Code]:
    """Every code that stands in one of the modules, by its name."""
    found = (value for module in _MODULES for value in vars(module).values())
    return {value.name: value for value in found if isinstance(value, Code)}


if __name__ == "__main__":
    PATH.write_text(markdown(), encoding="utf-8")
