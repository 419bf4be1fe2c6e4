"""``coldtusk-online rehearse``: what the command line calls."""

import threading
from pathlib import Path

import pytest

from coldtusk_online.rehearsal.node import Happened
from coldtusk_online.rehearsal.recording import replay, write_to
from coldtusk_online.rehearsal.run import run
from coldtusk_shared.errors import BadInput, Outside
from coldtusk_shared.services.warthog.network import Network
from tests.online.rehearsal.desk import NOON, Desk, get, new_node
from tests.simulators.warthog_wallet import Wallet

ALICE, BOB = Wallet("alice"), Wallet("bob")


def _run(state_file: Path | None, fund: list[tuple[str, int]]) -> list[str]:
    """What is announced by a rehearsal that is over at once."""
    over = threading.Event()
    over.set()
    lines: list[str] = []
    run(Network.DEFI, 0, 0, fund, lines.append, state_file, until=over)
    return lines


def test_it_says_where_it_listens() -> None:
    """The first line is for programs, the second for people."""
    lines = _run(None, [(ALICE.address, 5)])
    assert lines[0].startswith("listening on http://127.0.0.1:")
    assert "nothing here is real money" in lines[1]


def test_blocks_come_while_it_runs() -> None:
    """With a block time it mines; the announcement ends it here."""
    over = threading.Event()
    run(Network.MAIN, 0, 3600, [], lambda line: over.set(), until=over)


def test_a_wrong_address_to_fund_is_bad_input() -> None:
    """rehearsal.fund."""
    with pytest.raises(BadInput) as refused:
        _run(None, [("ab", 5)])
    assert "rehearsal.fund" == refused.value.code.name


def test_nothing_is_kept_unless_a_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working folder stays empty."""
    monkeypatch.chdir(tmp_path)
    _run(None, [(ALICE.address, 5)])
    assert [] == list(tmp_path.iterdir())


def test_a_named_file_funds_once(tmp_path: Path) -> None:
    """The second start goes on where the first stopped, and gives nothing again."""
    kept = tmp_path / "state"
    for _ in range(2):
        _run(kept, [(ALICE.address, 5)])
    node = new_node(Network.DEFI)
    replay(kept, node)
    assert 5 == get(node, f"/account/{ALICE.address}/wart_balance")["data"]["wart"]["total"]["E8"]


def test_a_replayed_node_answers_as_the_first(tmp_path: Path) -> None:
    """Blocks, transactions, what waits and the minimum fee: every reply is the same."""
    happened: list[Happened] = []
    first = new_node(Network.DEFI)
    first._observer = happened.append
    first.mine(40, ALICE.address)
    desk = Desk(first, ALICE)
    asset = desk.mined(type="assetCreation", name="TOK", decimals=4, supplyU64=10**9)
    waiting = desk.sent(type="wartTransfer", toAddr=BOB.address, wartE8=5)
    first.set_min_fee(2_000_896)
    kept = write_to(tmp_path / "state")
    for change in happened:
        kept(change)
    again = new_node(Network.DEFI)
    replay(tmp_path / "state", again)
    assert NOON == again.chain.timestamp(1)
    targets = [f"/asset/lookup/{asset}", f"/transaction/lookup/{asset}", f"/transaction/lookup/{waiting}"]
    for target in (*targets, "/chain/head", "/transaction/mempool", "/transaction/minfee"):
        assert get(first, target) == get(again, target), target


@pytest.mark.parametrize("text", ["nonsense", '["mine"]', '["fund", "ab", 1]', '["add", "{}"]', "\udcff"])
def test_a_file_that_is_none_is_bad_input(tmp_path: Path, text: str) -> None:
    """rehearsal.state."""
    kept = tmp_path / "state"
    kept.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadInput) as refused:
        replay(kept, new_node(Network.DEFI))
    assert "rehearsal.state" == refused.value.code.name


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """rehearsal.state-file."""
    with pytest.raises(Outside) as refused:
        write_to(tmp_path)(Happened("fund", (ALICE.address, 1)))
    assert "rehearsal.state-file" == refused.value.code.name
