"""Both halves as processes of their own, with nothing between them but light: pictures and a terminal's screen."""

import subprocess
import sys
from pathlib import Path

from coldtusk_shared.words import key_words
from tests.offline.commands import Place, make_place
from tests.simulators.online_house import House, house

_ONLINE = Path(sys.executable).parent / "coldtusk-online"
_WART = 100_000_000


def _online(home: House, *arguments: str) -> str:
    """A command of the online half in a process of its own; what it says."""
    command = [str(_ONLINE), *home.places(), *arguments]
    return subprocess.run(command, cwd=home.folder, capture_output=True, text=True, check=True).stdout


def _pair(home: House, place: Place) -> None:
    """Cards as pictures, words from screen to screen."""
    _online(home, "pair", "--out", "host.card")
    _online(home, "frames", "encode", "host.card", "--out", "host.png")
    with home.host() as host:
        words = key_words(host.identity.public_key)
    session = place.opened("pair", "--scan", str(home.folder / "host.png"), "--out", "device.card")
    assert 0 == session.answers("words> ", words).ends().status
    assert 0 == place.piped("frames", "encode", "device.card", "--out", "device.png").status
    with place.desk.open() as device:
        device_words = key_words(device.vault.identity.public_key)
    _online(home, "pair", "--scan", str(place.folder / "device.png"), "--words", device_words)


def test_a_payment_by_light(tmp_path: Path) -> None:
    """Request as a GIF, response as a folder of pictures; the node takes what was signed."""
    (tmp_path / "cold").mkdir()
    (tmp_path / "warm").mkdir()
    place = make_place(tmp_path / "cold")
    with house(tmp_path / "warm", paired=False) as home:
        home.node.fund(place.desk.treasury.text, 1000 * _WART)
        home.mine()
        _pair(home, place)
        pay = ("--from", "treasury", "--to", place.desk.savings.text, "--amount", "1.5", "--out", "a.request")
        _online(home, "warthog", "transfer", *pay)
        _online(home, "frames", "encode", "a.request", "--out", "a.gif")
        session = place.opened("sign", "--scan", str(home.folder / "a.gif"), "--out", "a.response")
        session.sees("To sign     type  ").sees("\n")
        phrase = session.shown.rpartition("type  ")[2].strip()
        assert 0 == session.answers("> ", phrase).ends().status
        assert 0 == place.piped("frames", "encode", "a.response", "--out", "codes").status
        sent = _online(home, "submit", "--scan", str(place.folder / "codes"))
        assert "taken by" in sent
        home.mine(10)
        assert "confirmed" in _online(home, "follow", "--once")
