"""Service x risk x fault: at most one payment, the state is the right one, the operator is told what to do.

Each cell is run against the stand-ins on real sockets, submitted three times, and compared with the table in
``fault_expected.py``. ``pytest -s`` prints the matrix; build/fault-matrix.txt and a page of the manual
hold it, too.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from coldtusk_online.ledger.states import State
from tests.boundary.source_tree import ROOT
from tests.online import fault_matrix_page as page
from tests.online.fault_cells import ROWS, Row, cell_folder, prepared, run
from tests.online.fault_expected import expected, has_effect
from tests.online.fault_troubles import CASES, Case, Trouble
from tests.simulators.services_house import ServicesHouse, prepare

Answered = Callable[[Row], tuple[ServicesHouse, bytes]]


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Answered:
    """For a row the house whose device has answered its call, and the answer: made once, and copied for each cell."""
    base = prepare(tmp_path_factory.mktemp("base") / "house")

    @cache
    def of(number: int) -> tuple[ServicesHouse, bytes]:
        house = base.copied(tmp_path_factory.mktemp("row") / "house")
        return house, prepared(house, ROWS[number])

    return lambda row: of(ROWS.index(row))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name.replace(" ", "-"))
def test_cell(row: Row, case: Case, answered: Answered, tmp_path: Path) -> None:
    """One fault, then two submissions without one: what the table says, and never two payments."""
    house, message = answered(row)
    found = run(house.copied(cell_folder(tmp_path, row, case)), message, row, case)
    assert expected(row, case) == found
    assert found.committed <= 1


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name.replace(" ", "-"))
def test_table_keeps_the_law(row: Row) -> None:
    """The table itself: what happened is never called undone, and what is called done happened."""
    for case in CASES:
        outcome = expected(row, case)
        states = [look.state for look in outcome.looks]
        if has_effect(row):
            assert 1 == outcome.committed or State.CONFIRMED not in states
            assert 0 == outcome.committed or states[-1] not in {State.EXPIRED, State.REJECTED} or lies(row, case)
        assert outcome.looks[0].code or outcome.looks[0].state is State.CONFIRMED


def lies(row: Row, case: Case) -> bool:
    """429 says that the call was not taken (RFC 6585 4); of coinsoftworks' document that word is believed."""
    return row.system == "coinsoftworks" and case == Case(Trouble.TOO_MANY, done=True)


def test_matrix_is_printed() -> None:
    """As the tests above hold it to be."""
    text = page.grid()
    print(f"\n{text}")
    written = ROOT / "build" / "fault-matrix.txt"
    written.parent.mkdir(exist_ok=True)
    written.write_text(text, encoding="utf-8")


def test_page_of_the_manual() -> None:
    """``python tests/online/fault_matrix_page.py`` writes it anew."""
    assert page.PATH.read_text(encoding="utf-8") == page.markdown()
