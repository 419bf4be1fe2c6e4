"""Golden screens of whole commands, ``tests/golden/offline/terminal``: what stands on a terminal of 24 rows.

``python tests/offline/terminal_screens.py`` writes the files anew; no test does.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

if __package__ in {None, ""}:  # started as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from coldtusk_shared import card
from coldtusk_shared.card import HostCard
from tests.offline.commands import TYPED, Place, empty_place, make_place
from tests.offline.payments import item, sealed, transfer
from tests.simulators.host import HostSigner

FOLDER = Path(__file__).parents[1] / "golden" / "offline" / "terminal"
ROWS = 24
ABANDON = " ".join(["abandon"] * 11 + ["about"])
ROLLS = "315264135524616234162543163254162354126354126354134213"

Scene = Callable[[Path], str]


def init(folder: Path) -> str:
    """A device was made."""
    place = empty_place(folder)
    session = place.at_terminal("--home", "device", "init", "--label", "cold-1", "--cost", "floor", rows=ROWS)
    session.answers("better): ", TYPED).answers("again: ", TYPED).ends()
    return session.display()


def words_typed_back(folder: Path) -> str:
    """New words were shown; the screen was cleared; they are to be typed."""
    place = make_place(folder)
    session = place.at_terminal("account", "new", "--network", "defi", "--label", "cold", rows=ROWS).unlocks()
    session.answers("rolls> ", ROLLS).answers("on paper> ", "").answers("from the paper> ", "wrong")
    return session.sees("from the paper> ").display()


def import_choices(folder: Path) -> str:
    """What each known wallet makes of the same words."""
    place = make_place(folder)
    command = ("account", "import", "--network", "main", "--label", "old", "--as", "words")
    session = place.at_terminal(*command, rows=ROWS).unlocks().answers("The words> ", ABANDON)
    return session.sees("or path> ").display()


def pair(folder: Path) -> str:
    """Words that were typed wrong once."""
    place, signer = make_place(folder), HostSigner(b"O" * 32)
    name = place.put("host.card", card.seal_host(HostCard(signer.public_key, "office"), signer))
    session = place.at_terminal("pair", name, "--out", "device.card", rows=ROWS).unlocks()
    return session.answers("words> ", "one two three four five six").sees("words> ").display()


def review(folder: Path) -> str:
    """The end of a review that is longer than the screen: its warnings are still there."""
    place = make_place(folder)
    name = place.put("a.request", sealed(place.desk, transfer(place.desk, 1_000_000)))
    return _at_prompt(place, name)


def batch(folder: Path) -> str:
    """The end of a batch: totals, and what to type."""
    place = make_place(folder)
    payments = (
        item(place.desk, name, nonce_id=number) for number, name in enumerate(("wartTransfer", "assetCreation"))
    )
    return _at_prompt(place, place.put("a.request", sealed(place.desk, *payments)))


def refused(folder: Path) -> str:
    """Not confirmed in three tries."""
    place = make_place(folder)
    name = place.put("a.request", sealed(place.desk, transfer(place.desk)))
    session = place.at_terminal("sign", name, "--out", "a.response", rows=ROWS).unlocks()
    session.answers("refuse\r\n> ", "y").answers("again.\r\n> ", "yes").answers("again.\r\n> ", "send").ends()
    return session.display()


def _at_prompt(place: Place, name: str) -> str:
    session = place.at_terminal("sign", name, "--out", "a.response", rows=ROWS).unlocks()
    return session.sees("refuse\r\n> ").display()


SCENES: dict[str, Scene] = {
    "init": init,
    "words-typed-back": words_typed_back,
    "import-choices": import_choices,
    "pair": pair,
    "review": review,
    "batch": batch,
    "refused": refused,
}

if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for scene_name, scene in SCENES.items():
        with tempfile.TemporaryDirectory() as temporary:
            (FOLDER / f"{scene_name}.txt").write_text(scene(Path(temporary)), encoding="utf-8")
        print(scene_name)
