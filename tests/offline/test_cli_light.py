"""``--scan``, ``--show``, ``frames`` and ``cameras`` of the offline half, by the installed command behind its guard."""

from pathlib import Path

import pytest

from coldtusk_shared import card
from coldtusk_shared.card import HostCard
from coldtusk_shared.transport import framing
from coldtusk_shared.transport.receiver import Receiver
from coldtusk_shared.words import key_words
from tests.offline.commands import COMMAND, TYPED, Place, error_of, make_place
from tests.offline.payments import sealed, transfer
from tests.shared.transport.live_terminal import LiveTerminal
from tests.simulators.host import HostSigner

PHRASE = "send 1.5 WART to 6f93"
_ROWS, _COLUMNS = 46, 90


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A device, and a request for it as a file and as an animation."""
    made = make_place(tmp_path)
    made.put("a.request", sealed(made.desk, transfer(made.desk)))
    framing.write_pictures(tmp_path / "a.gif", (tmp_path / "a.request").read_bytes(), 10)
    return made


def _at(place: Place, *arguments: str, rows: int = _ROWS, columns: int = _COLUMNS) -> LiveTerminal:
    """The command at a terminal whose codes are read."""
    environment = {"COLDTUSK_OFFLINE_HOME": str(place.home)}
    return LiveTerminal([str(COMMAND), *arguments], rows, columns, place.folder, environment)


def _unlock(terminal: LiveTerminal) -> None:
    terminal.wait_for("Passphrase:")
    terminal.press(f"{TYPED}\n".encode())


def _confirm(terminal: LiveTerminal) -> None:
    terminal.wait_for("To refuse   type  refuse")
    terminal.wait_for("\n>")
    terminal.press(f"{PHRASE}\n".encode())


def _message(terminal: LiveTerminal) -> bytes:
    """The message that the screen shows, code by code."""
    receiver = Receiver()

    def whole() -> bool:
        for code in terminal.codes():
            receiver.take(code)
        return receiver.message is not None

    terminal.wait(whole)
    assert receiver.message is not None
    return receiver.message


def _journal(place: Place) -> int:
    with place.desk.open() as device:
        return device.journal.seq


class TestSign:
    """The main job by light."""

    def test_scanned_and_shown(self, place: Place) -> None:
        """Shown after it was recorded; nothing is written; a second time the same bytes are given again."""
        terminal = _at(place, "sign", "--scan", "a.gif", "--show")
        _unlock(terminal)
        _confirm(terminal)
        first = _message(terminal)
        assert "response " in terminal.text()
        terminal.press(b"q")
        assert (0, None) == terminal.end()
        assert "Signed 1 of 1. The same request shows the response again.\nJournal entry 1, head: " in terminal.text()
        assert {"a.gif", "a.request", "device"} == {path.name for path in place.folder.iterdir()}
        terminal = _at(place, "sign", "a.request", "--out", "again.response", "--show")
        _unlock(terminal)
        again = _message(terminal)
        terminal.press(b"\r")
        assert (0, None) == terminal.end()
        assert "the same response is given again (again.response)" in terminal.text()
        assert first == again == (place.folder / "again.response").read_bytes()
        assert 1 == _journal(place)

    def test_in_a_usual_window(self, place: Place) -> None:
        """80 by 24: several codes, read one after the other."""
        terminal = _at(place, "sign", "--scan", "a.gif", "--show", rows=24, columns=80)
        _unlock(terminal)
        _confirm(terminal)
        assert b"coldtusk" in _message(terminal)
        terminal.press(b"q")
        assert (0, None) == terminal.end()

    def test_scanned_to_a_file(self, place: Place) -> None:
        """The progress stands above the passphrase."""
        session = place.at_terminal("sign", "--scan", "a.gif", "--out", "a.response").unlocks()
        ended = session.answers("> ", PHRASE).ends()
        assert ended.status == 0
        assert "Reading a.gif. Ctrl-C ends it.\n" in ended.shown
        assert "Signed 1 of 1. The response is a.response." in ended.shown
        assert (place.folder / "a.response").exists()

    def test_refused_and_shown(self, place: Place) -> None:
        """An answer, too."""
        terminal = _at(place, "sign", "--scan", "a.gif", "--show")
        _unlock(terminal)
        terminal.wait_for("\n>")
        terminal.press(b"refuse\n")
        terminal.wait_for("reason>")
        terminal.press(b"wrong payee\n")
        assert b"wrong payee" in _message(terminal)
        terminal.press(b"q")
        assert (0, None) == terminal.end()
        assert "Refused; nothing was signed. The response says so: the same request shows it again." in terminal.text()

    def test_interrupted_while_it_is_shown(self, place: Place) -> None:
        """It is recorded, and said so; the terminal is as it was; status 130."""
        terminal = _at(place, "sign", "--scan", "a.gif", "--show")
        _unlock(terminal)
        _confirm(terminal)
        terminal.wait_for_code()
        terminal.press(b"\x03")
        assert (130, None) == terminal.end()
        assert "Signed 1 of 1. The same request shows the response again." in terminal.text()
        assert (terminal.before, 1) == (terminal.settings(), _journal(place))

    def test_window_too_small(self, place: Place) -> None:
        """``qr.window-too-small``: it says which size is needed; ended without, the journal has the answer."""
        terminal = _at(place, "sign", "a.request", "--show", rows=10, columns=80)
        _unlock(terminal)
        terminal.wait_for("\n>")
        terminal.press(f"{PHRASE}\n".encode())
        terminal.wait_for("33 columns by 18 rows")
        terminal.press(b"q")
        assert (5, None) == terminal.end()
        assert "Signed 1 of 1." in terminal.text()
        assert "error [qr.window-too-small]" in terminal.text()
        assert 1 == _journal(place)

    def test_wrong_type(self, place: Place) -> None:
        """``message.wrong-type``, before the passphrase."""
        signer = HostSigner(b"O" * 32)
        framing.write_pictures(
            place.folder / "c.gif", card.seal_host(HostCard(signer.public_key, "office"), signer), 10
        )
        ended = place.at_terminal("sign", "--scan", "c.gif", "--out", "x").ends()
        assert (3, "message.wrong-type") == error_of(ended)

    @pytest.mark.parametrize(
        "arguments",
        [
            ("sign", "--show"),
            ("sign", "a.request", "--scan", "a.gif", "--show"),
            ("sign", "a.request"),
            ("pair", "--show"),
            ("pair", "--scan", "a.gif"),
            ("card",),
            ("inspect",),
            ("inspect", "a.request", "--scan", "a.gif"),
            ("sign", "a.request", "--show", "--fps", "0"),
            ("sign", "a.request", "--show", "--fps", "31"),
        ],
    )
    def test_wrong_use(self, place: Place, arguments: tuple[str, ...]) -> None:
        """One way in, at least one way out, a rate that a camera follows: status 2, and nobody is asked."""
        ended = place.piped(*arguments)
        assert (2, True) == (ended.status, "Usage: coldtusk-offline" in ended.shown)

    def test_terminal_that_shows_no_codes(self, place: Place) -> None:
        """``display.no-terminal``, before a passphrase is asked for; so is a file that is there."""
        assert (5, "display.no-terminal") == error_of(place.piped("sign", "a.request", "--show"))
        dumb = place.at_terminal("sign", "a.request", "--show", TERM="dumb").ends()
        latin = place.at_terminal("sign", "a.request", "--show", PYTHONIOENCODING="latin-1").ends()
        assert [(5, "display.no-terminal")] * 2 == [error_of(dumb), error_of(latin)]
        assert "Passphrase" not in dumb.shown + latin.shown
        assert (4, "file.exists") == error_of(place.piped("sign", "a.request", "--out", "a.gif", "--show"))


class TestCards:
    """Pairing by light."""

    def test_pair(self, place: Place) -> None:
        """The host's card is read, its words typed; then the device's card is shown, and its words stand there."""
        signer = HostSigner(b"O" * 32)
        framing.write_pictures(
            place.folder / "host.png", card.seal_host(HostCard(signer.public_key, "office"), signer), 10
        )
        terminal = _at(place, "pair", "--scan", "host.png", "--show")
        _unlock(terminal)
        terminal.wait_for("words>")
        terminal.press(f"{key_words(signer.public_key)}\n".encode())
        shown = card.open_device(_message(terminal))
        terminal.press(b"q")
        assert (0, None) == terminal.end()
        assert "cold-1" == shown.label
        said = "This device's card was shown. Its words, to be typed on the online half:"
        assert f"{said}\n    {key_words(shown.public_key)}" in terminal.text()

    def test_card(self, place: Place) -> None:
        """Again, on the screen and as a file."""
        terminal = _at(place, "card", "--show", "--out", "d.card")
        _unlock(terminal)
        shown = _message(terminal)
        assert shown == (place.folder / "d.card").read_bytes()
        terminal.press(b"q")
        assert (0, None) == terminal.end()
        assert "This device's card is d.card." in terminal.text()


class TestScripts:
    """Without a terminal, and without a vault."""

    def test_inspect(self, place: Place) -> None:
        """What the codes say; nothing is trusted."""
        ended = place.piped("inspect", "--scan", "a.gif")
        assert (0, True) == (ended.status, "NOT CHECKED against a pinned key" in ended.shown)

    @pytest.mark.parametrize("name", ["x.gif", "x.apng", "x.png", "x"])
    def test_frames(self, place: Place, name: str) -> None:
        """There and back."""
        encoded = place.piped("frames", "encode", "a.request", "--out", name, "--fps", "5")
        assert (0, f"Written to {name}: 1 code.\n") == (encoded.status, encoded.shown)
        decoded = place.piped("frames", "decode", name, "--out", "b.request")
        message = (place.folder / "a.request").read_bytes()
        assert (0, message) == (decoded.status, (place.folder / "b.request").read_bytes())
        assert f"Written to b.request: {len(message)} bytes.\n" in decoded.shown

    def test_frames_that_cannot_be(self, place: Place) -> None:
        """The errors of files and sources; an empty folder ends."""
        (place.folder / "empty").mkdir()
        for arguments, expected in (
            (("encode", "a.request", "--out", "a.gif"), (4, "file.exists")),
            (("encode", "nothing", "--out", "b.gif"), (3, "file.missing")),
            (("encode", "a.request", "--out", "b.bmp"), (3, "qr.unknown-picture")),
            (("decode", "a.gif", "--out", "a.request"), (4, "file.exists")),
            (("decode", "nothing", "--out", "b"), (3, "source.unknown")),
            (("decode", "empty", "--out", "b"), (3, "scan.nothing")),
        ):
            assert expected == error_of(place.piped("frames", *arguments))

    def test_cameras(self, place: Place) -> None:
        """A list, or what to do about an empty one."""
        ended = place.piped("cameras")
        assert ended.status == 0
        assert ended.shown.startswith(("camera:", "No camera: connect one"))
