"""``--qr``, ``--scan``, ``frames`` and ``cameras`` of the online half."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_shared import card
from coldtusk_shared.transport import framing
from coldtusk_shared.transport.receiver import Receiver
from coldtusk_shared.words import key_words
from tests.shared.transport.live_terminal import LiveTerminal
from tests.simulators.online_house import House, house

_COMMAND = Path(sys.executable).parent / "coldtusk-online"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """A paired house."""
    with house(tmp_path) as made:
        yield made


@pytest.fixture
def lonely(tmp_path: Path) -> Iterator[House]:
    """A house that is not paired."""
    with house(tmp_path, paired=False) as made:
        yield made


def _at(home: House, *arguments: str, rows: int = 46, columns: int = 90) -> LiveTerminal:
    return LiveTerminal([str(_COMMAND), *home.places(), *arguments], rows, columns, home.folder)


def _pictures(home: House, message: bytes, name: str) -> str:
    framing.write_pictures(home.folder / name, message, 10)
    return str(home.folder / name)


def _message(terminal: LiveTerminal) -> bytes:
    receiver = Receiver()

    def whole() -> bool:
        for code in terminal.codes():
            receiver.take(code)
        return receiver.message is not None

    terminal.wait(whole)
    assert receiver.message is not None
    return receiver.message


class TestRequest:
    """``request show ID --qr``."""

    def test_shown(self, home: House) -> None:
        """The identical bytes; then the request in words, as without codes."""
        built = home.transfer().json
        terminal = _at(home, "request", "show", built["id"][:8], "--qr", "--fps", "20")
        assert _message(terminal) == Path(built["file"]).read_bytes()
        assert f"request {built['id'][:12]}" in terminal.text()
        terminal.press(b"q")
        assert (0, None) == terminal.end()
        assert "the device shows the same words" in terminal.text()

    def test_in_a_usual_window(self, home: House) -> None:
        """80 by 24."""
        built = home.transfer().json
        terminal = _at(home, "request", "show", built["id"], "--qr", rows=24, columns=80)
        assert _message(terminal) == Path(built["file"]).read_bytes()
        terminal.press(b"q")
        assert (0, None) == terminal.end()

    def test_interrupted(self, home: House) -> None:
        """Status 130, one line, the terminal as it was."""
        terminal = _at(home, "request", "show", home.transfer().json["id"], "--qr")
        terminal.wait_for_code()
        terminal.press(b"\x03")
        assert ((130, None), terminal.before) == (terminal.end(), terminal.settings())
        assert "error [cli.interrupted]" in terminal.text()

    def test_without_a_terminal(self, home: House) -> None:
        """``display.no-terminal``; without --qr nothing changes."""
        id_ = home.transfer().json["id"]
        assert (5, "display.no-terminal") == ((ran := home.json("request", "show", id_, "--qr")).status, ran.code)
        assert 0 == home.run("request", "show", id_).status

    def test_rate(self, home: House) -> None:
        """FRAMES_A_SECOND bound it: wrong use."""
        assert 2 == home.run("request", "show", "00", "--qr", "--fps", "31").status


class TestSubmit:
    """``submit --scan``."""

    def test_scanned(self, home: House) -> None:
        """As from the file, and the same again does no harm; the progress is not in the way of --json."""
        response = Path(home.answered(home.transfer().json["file"]))
        source = _pictures(home, response.read_bytes(), "r.gif")
        ran = home.json("submit", "--scan", source)
        assert (0, "submitted") == (ran.status, ran.json["requests"][0]["state"])
        assert f"Reading {source}. Ctrl-C ends it." in ran.err
        assert 0 == home.run("submit", str(response)).status

    def test_a_request_is_none(self, home: House) -> None:
        """``message.wrong-type``."""
        source = _pictures(home, Path(home.transfer().json["file"]).read_bytes(), "r.png")
        assert (3, "message.wrong-type") == ((ran := home.json("submit", "--scan", source)).status, ran.code)

    @pytest.mark.parametrize("arguments", [(), ("x.response", "--scan", "x.gif")])
    def test_wrong_use(self, home: House, arguments: tuple[str, ...]) -> None:
        """One of the two."""
        assert (2, "cli.usage") == ((ran := home.json("submit", *arguments)).status, ran.code)

    def test_settings_come_first(self, tmp_path: Path) -> None:
        """``setup.missing``: nobody holds a camera for nothing."""
        empty = House(tmp_path, None, ())  # type: ignore[arg-type] # no device is asked
        assert "setup.missing" == empty.json("submit", "--scan", "nothing").code


class TestCards:
    """Pairing by light."""

    def test_host_card(self, lonely: House) -> None:
        """Shown; no file is written unless one is named; then its words."""
        terminal = _at(lonely, "pair", "--qr")
        shown = card.open_host(_message(terminal))
        terminal.press(b"q")
        assert (0, None) == terminal.end()
        assert f"Key words   {key_words(shown.public_key)}" in terminal.text()
        assert not (lonely.folder / "host.card").exists()
        terminal = _at(lonely, "pair", "--qr", "--out", "h.card")
        message = _message(terminal)
        terminal.press(b"q")
        assert ((0, None), message) == (terminal.end(), (lonely.folder / "h.card").read_bytes())

    def test_device_card(self, lonely: House) -> None:
        """Read, its words typed, pinned; its newer one by light as well."""
        source = _pictures(lonely, lonely.device.card(), "d.png")
        words = key_words(lonely.device.signer.public_key)
        assert "cold-1" == lonely.json("pair", "--scan", source, "--words", words).json["device"]
        accounts = lonely.json("account", "import", "--scan", source).json["accounts"]
        assert {"savings", "treasury"} == {one["label"] for one in accounts}

    @pytest.mark.parametrize(
        "arguments",
        [
            ("pair", "d.card", "--scan", "d.gif"),
            ("pair", "d.card", "--qr"),
            ("pair", "--scan", "d.gif", "--qr"),
            ("account", "import"),
            ("account", "import", "d.card", "--scan", "d.gif"),
        ],
    )
    def test_wrong_use(self, lonely: House, arguments: tuple[str, ...]) -> None:
        """One way."""
        assert (2, "cli.usage") == ((ran := lonely.json(*arguments)).status, ran.code)


class TestScripts:
    """They need no settings."""

    @pytest.mark.parametrize(("name", "size"), [("x.gif", 300), ("x.apng", 5000), ("x", 5000)])
    def test_frames(self, tmp_path: Path, name: str, size: int) -> None:
        """There and back."""
        home = House(tmp_path, None, ())  # type: ignore[arg-type] # no device is asked
        message, back = tmp_path / "message", tmp_path / "back"
        message.write_bytes(bytes(range(100)) * (size // 100))
        made = home.json("frames", "encode", str(message), "--out", str(tmp_path / name), "--fps", "5").json
        assert {"file": str(tmp_path / name), "codes": 1 if size == 300 else 12} == made
        read = home.json("frames", "decode", str(tmp_path / name), "--out", str(back)).json
        assert {"file": str(back), "bytes": size} == read
        assert message.read_bytes() == back.read_bytes()
        assert "file.exists" == home.json("frames", "decode", "x", "--out", str(back)).code

    def test_cameras(self, tmp_path: Path) -> None:
        """A list, perhaps an empty one."""
        home = House(tmp_path, None, ())  # type: ignore[arg-type] # no device is asked
        found = home.json("cameras").json["cameras"]
        assert ("\n".join(found) or "No camera") in home.run("cameras").out
