"""The numbers, tables and screens in the words are those of the code."""

import re
from pathlib import Path

import pytest

from coldtusk_offline.guard import REFUSED_IMPORTS
from coldtusk_offline.kdf import Profile
from coldtusk_offline.seccomp import MACHINES
from coldtusk_offline.services.warthog import describe
from coldtusk_online import settings
from coldtusk_online.ledger.states import FINAL, State
from coldtusk_online.rehearsal import differences
from coldtusk_online.rehearsal.faults import FaultKind
from coldtusk_online.services.warthog import heads
from coldtusk_shared import limits
from coldtusk_shared.services.warthog import rules
from coldtusk_shared.services.warthog.amount import format_wart
from tests.boundary import pages
from tests.boundary.source_tree import TESTS

_LABEL = re.compile(r"^([A-Z][A-Za-z ]*?) {2,}\S", re.MULTILINE)
_SCREEN = TESTS / "golden" / "offline" / "wartTransfer.txt"


def test_limits_of_the_readme() -> None:
    """The whole table, computed from limits.py."""
    assert [
        ("a message", f"{limits.MESSAGE_BYTES >> 20} MiB"),
        ("payments in one request", f"{limits.ITEMS:,} (this version's online commands make one each)"),
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
        (pages.CHANGELOG, f"with {len(FaultKind)} faults on demand"),
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


def test_faults() -> None:
    """Every fault of the rehearsal node, and no other."""
    shown = pages.rows(pages.text(pages.REHEARSAL), "fault", "what happens")
    assert sorted(kind.value for kind in FaultKind) == sorted(name for name, *_ in shown)


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
