"""The numbers, tables and screens in the words are those of the code."""

import re
from pathlib import Path
from typing import Any

import pytest

from coldtusk_offline import utc
from coldtusk_offline.guard import REFUSED_IMPORTS
from coldtusk_offline.kdf import Profile
from coldtusk_offline.seccomp import MACHINES
from coldtusk_offline.services.coinsoftworks import actions
from coldtusk_offline.services.warthog import describe
from coldtusk_online import settings, settings_services
from coldtusk_online.ledger.states import CALL_FINAL, CALL_TRANSITIONS, FINAL, State
from coldtusk_online.rehearsal import differences
from coldtusk_online.rehearsal.faults import FaultKind
from coldtusk_online.rehearsal.payments import FaultKind as ServiceFault
from coldtusk_online.services.warthog import heads
from coldtusk_online.webhooks.limiter import PEER_RATE, WHOLE_RATE
from coldtusk_online.webhooks.notice import State as NoticeState
from coldtusk_shared import limits, typed_table
from coldtusk_shared.services.coinpayments.commands import COMMANDS as COINPAYMENTS
from coldtusk_shared.services.coinrpc import methods
from coldtusk_shared.services.warthog import rules
from coldtusk_shared.services.warthog.amount import format_wart
from coldtusk_shared.table_fields import Kind
from tests.boundary import pages
from tests.boundary.source_tree import TESTS

_LABEL = re.compile(r"^([A-Z][A-Za-z ]*?) {2,}\S", re.MULTILINE)
_SCREEN = TESTS / "golden" / "offline" / "wartTransfer.txt"


def test_limits_of_the_readme() -> None:
    """The whole table, computed from limits.py."""
    assert [
        ("a message", f"{limits.MESSAGE_BYTES >> 20} MiB"),
        (
            "payments in one request",
            f"{limits.ITEMS:,} (this version's online commands make one each, of coinsoftworks two)",
        ),
        ("a text", f"{limits.TEXT_BYTES} bytes"),
        ("a name", f"{limits.LABEL_BYTES} bytes"),
        ("accounts of one device", f"{limits.ACCOUNTS:,}: a card with more is refused"),
        ("hosts paired with one device", f"{limits.VAULT_HOSTS}"),
        ("the life of a Warthog request", f"{rules.LIFETIME_BLOCKS:,} blocks after its pin, about 45 hours"),
        (
            "a passphrase",
            f"at least {limits.PASSPHRASE_CHARACTERS} characters, {limits.PASSPHRASE_DISTINCT} of them different",
        ),
        ("dice", f"at least {limits.DICE_ROLLS[0]} rolls"),
        ("a wait after wrong passphrases", f"{limits.UNLOCK_DELAY_SECONDS} s"),
        ("a reply of a node", f"{limits.HTTP_REPLY_BYTES >> 20} MiB, {limits.HTTP_SECONDS:g} s"),
        ("nodes of one network", f"{limits.NODES}"),
        ("accounts at payment services of one device", f"{limits.SERVICE_ACCOUNTS}"),
        ("a secret of a service", f"{_range(limits.SERVICE_SECRET_BYTES)} bytes"),
        ("a call of a service", f"{limits.SERVICE_BODY_BYTES >> 10} KiB"),
        ("a request for a service", f"{limits.REQUEST_VALID_MINUTES // (24 * 60)} days"),
        ("rows of one mass withdrawal", f"{limits.COINPAYMENTS_ROWS}"),
        ("methods or actions in one table", f"{limits.TABLE_ROWS}, each of at most {limits.TABLE_FIELDS} fields"),
        (
            "a send time of CoinRPC",
            f"{limits.SEND_AHEAD_SECONDS // 60} minutes ahead, a window of {_range(limits.SEND_WINDOW_SECONDS)} s",
        ),
        ("a notice of a service", f"{limits.WEBHOOK_BYTES >> 10} KiB, {limits.WEBHOOK_SECONDS:g} s"),
    ] == pages.rows(pages.text(pages.README), "what", "most")


def test_costs_of_the_vault() -> None:
    """The profiles, and the limits around them."""
    table = pages.rows(pages.text(pages.SECURITY), "profile", "memory")
    shown = [(name.split()[0], memory, cost) for name, memory, cost, _ in table]
    costs = [(one.name.lower(), one.value) for one in Profile]
    assert [(name, _memory(cost.memory_kib), f"{cost.passes}, {cost.lanes}") for name, cost in costs] == shown
    low, high = map(_memory, limits.ARGON2_MEMORY_KIB)
    (least, most), (fewest, lanes) = limits.ARGON2_PASSES, limits.ARGON2_LANES
    assert f"{low} to {high}, {least} to {most} passes and {fewest} to {lanes} lanes" in _flat(pages.SECURITY)


def _range(bounds: tuple[int, int]) -> str:
    return f"{bounds[0]} to {bounds[1]}"


def _memory(kib: int) -> str:
    return f"{kib >> 20} GiB" if kib >= 1 << 20 else f"{kib >> 10} MiB"


def _flat(page: Path) -> str:
    return " ".join(pages.text(page).split())


def test_numbers_of_the_guard() -> None:
    """How many calls and modules are refused."""
    assert {len(machine.refused) for machine in MACHINES.values()} == {21}
    assert "seccomp: 21 calls" in pages.text(pages.SECURITY)
    assert f"import of {len(REFUSED_IMPORTS)} network modules" in _flat(pages.DECISIONS / "0007-the-guard.md")


@pytest.mark.parametrize(
    ("page", "phrase"),
    [
        (pages.OFFLINE, f"above {describe.FEE_SHARE // 100} %"),
        (pages.OFFLINE, f"above {describe.FEE_MINIMUMS} times {format_wart(describe.USUAL_MINIMUM_E8)} WART"),
        (pages.OFFLINE, f"fewer than {describe.BLOCKS_SHORT} blocks"),
        (pages.OFFLINE, f"more than {describe.BLOCKS_FAR:,} blocks"),
        (pages.OFFLINE, f"at most {limits.TEXT_BYTES} bytes, plain ASCII"),
        (pages.ONLINE, f"`confirmations` is {settings.CONFIRMATIONS}"),
        (pages.ONLINE, f"`max_fee` {settings.MAX_FEE / 10**8:g} WART"),
        (pages.ONLINE, f"more than {heads.MOST_APART} blocks"),
        (pages.REHEARSAL, f"more than {heads.MOST_APART} blocks"),
        (pages.CHANGELOG, f"node of either network, with {len(FaultKind)} faults on demand"),
        (pages.CHANGELOG, f"by code of their own, with {len(ServiceFault)} faults on demand"),
        (pages.README, f"{len(COINPAYMENTS)} commands, typed"),
        (pages.OFFLINE, f"within {utc.CLOSE_SECONDS} seconds of the machine's clock"),
        (pages.OFFLINE, f"{_range(limits.SERVICE_SECRET_BYTES)} bytes without any blank"),
        (pages.ONLINE, f"CoinRPC's alone, {_range(limits.SEND_WINDOW_SECONDS)} seconds"),
        (pages.SERVICES["coinrpc"], f"`window` is from {_range(limits.SEND_WINDOW_SECONDS)} seconds"),
        (pages.SERVICES["coinrpc"], f"({settings_services.WINDOW} seconds unless the settings say otherwise)"),
        (pages.SERVICES["coinrpc"], f"more than {limits.SEND_AHEAD_SECONDS // 60} minutes after the time that you"),
        (
            pages.SERVICES["coinrpc"],
            f"at most {limits.TABLE_ROWS} methods of at most {limits.TABLE_FIELDS} fields, and the file 32 KiB",
        ),
        (pages.SERVICES["coinpayments"], f"for {limits.COINPAYMENTS_DOUBT_SECONDS} seconds after it"),
        (pages.SERVICES["coinpayments"], f"one call with up to {limits.COINPAYMENTS_ROWS} rows"),
        (pages.SERVICES["coinpayments"], f"at most {limits.SERVICE_AMOUNT_DIGITS} digits"),
        (pages.SERVICES["coinpayments"], f"and a body {limits.SERVICE_BODY_BYTES >> 10} KiB"),
        (pages.SERVICES["coinsoftworks"], "up to two minutes, four times in all"),
        (pages.WEBHOOKS, f"at most {limits.WEBHOOK_BYTES >> 10} KiB"),
        (pages.WEBHOOKS, f"from all, default {WHOLE_RATE.each_second}"),
        (pages.WEBHOOKS, f"from one address, default {PEER_RATE.each_second}"),
    ],
)
def test_numbers_of_the_manual(page: Path, phrase: str) -> None:
    """Each threshold that the manual names."""
    assert phrase in _flat(page)


def test_settings_that_are_shown_can_be_loaded() -> None:
    """And they are the ones that the module itself shows."""
    (shown,) = pages.blocks(pages.ONLINE, "toml")
    assert settings.parse(shown.encode(), "the manual").label
    assert settings.__doc__ is not None
    assert shown in settings.__doc__


def test_states() -> None:
    """Every state, and which ones are final."""
    shown = pages.rows(pages.text(pages.ONLINE), "state", "meaning")
    assert [state.value for state in State] == sorted((name for name, _ in shown), key=[s.value for s in State].index)
    assert {state.value for state in FINAL} == {name for name, meaning in shown if meaning.endswith("final")}


def test_states_of_calls() -> None:
    """The same of payment services' calls."""
    shown = pages.rows(pages.text(pages.ONLINE), "state of a call", "meaning")
    names = [name for cell, _ in shown for name in cell.split(", ")]
    assert sorted(state.value for state in CALL_TRANSITIONS) == sorted(names)
    assert {state.value for state in CALL_FINAL} == {name for name, meaning in shown if meaning.endswith("final")}


def test_faults() -> None:
    """Every fault of the rehearsal node, and no other."""
    shown = pages.rows(pages.text(pages.REHEARSAL), "fault", "what happens")
    assert sorted(kind.value for kind in FaultKind) == sorted(name for name, *_ in shown)


def test_states_of_notices() -> None:
    """Every state of a notice, in the order of the code."""
    shown = pages.rows(pages.text(pages.WEBHOOKS), "state of a notice", "meaning")
    assert [state.value for state in NoticeState] == [name for name, _ in shown]


def test_tables_that_are_shown_can_be_enrolled() -> None:
    """A device takes them as they stand; the pages name every key and every form of a field."""
    (coinrpc,) = pages.blocks(pages.SERVICES["coinrpc"], "toml")
    rows = typed_table.parse_toml(coinrpc.encode(), "the manual", methods.SHAPE)
    methods.check_table(rows, "the manual")
    (coinsoftworks,) = pages.blocks(pages.SERVICES["coinsoftworks"], "toml")
    assert actions.of_toml(coinsoftworks.encode(), "the manual")
    text = pages.text(pages.SERVICES["coinrpc"]) + pages.text(pages.SERVICES["coinsoftworks"])
    keys = [*(kind.value for kind in Kind), *(field.name for field in actions.SHAPE.extra), "choices", "least", "most"]
    assert [] == [key for key in keys if f"`{key}`" not in text]


def test_faults_of_the_services() -> None:
    """Every fault of the stand-ins, and no other."""
    shown = pages.rows(pages.text(pages.REHEARSAL), "fault of a service", "what happens")
    assert [kind.value for kind in ServiceFault] == [name for name, _ in shown]


def test_the_program_of_the_rehearsal_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs as it stands, but for the port: stand-ins with a fault that is armed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rehearsal").mkdir(mode=0o700)
    (program,) = pages.blocks(pages.REHEARSAL, "python")
    told: list[str] = []
    run = compile(program.replace("8443", "0"), str(pages.REHEARSAL), "exec")
    space: dict[str, Any] = {"input": told.append}
    exec(run, space)  # noqa: S102 - the manual's own words
    assert told[0].startswith("https://127.0.0.1:")
    assert space["services"].faults.waiting == 1


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("recorded case", [differences.CASES]),
        ("what", [differences.BEHAVIOUR, differences.ASSUMED]),
    ],
    ids=["cases", "others"],
)
def test_differences(head: str, expected: list[dict[str, str]]) -> None:
    """The tables of the rehearsal page are those of the module, word by word."""
    shown = pages.rows(pages.text(pages.REHEARSAL), head, "here")
    assert [pair for table in expected for pair in table.items()] == shown


@pytest.mark.parametrize("page", [pages.README, pages.OFFLINE], ids=lambda page: page.name)
def test_the_review_that_is_shown(page: Path) -> None:
    """The screen of a transfer in the words has the rows of the golden one, in their order."""
    shown = [block for block in pages.blocks(page, "console") if "REVIEW" in block]
    assert len(shown) == 1
    assert _labels(_SCREEN.read_text(encoding="utf-8")) == _labels(shown[0].partition("REVIEW")[2])


def _labels(screen: str) -> list[str]:
    return _LABEL.findall(screen)
