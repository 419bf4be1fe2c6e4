"""Reading a message from every kind of source, and what a person is told meanwhile."""

import hashlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pytest

from coldtusk_shared import card
from coldtusk_shared.card import HostCard
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput, ColdtuskError, Outside
from coldtusk_shared.transport import framing, scanning
from coldtusk_shared.transport.decoder import Decoder
from coldtusk_shared.transport.fountain import Encoder
from coldtusk_shared.transport.progress_line import ProgressLine
from coldtusk_shared.transport.receiver import Progress
from coldtusk_shared.transport.sighting import Hint, Status
from coldtusk_shared.transport.sources import Frame, Luma, Picture
from tests.shared.transport.picture_maker import code, encoded, luma
from tests.shared.transport.processes import ended, waited
from tests.shared.transport.stand_in_sources import Scripted
from tests.shared.transport.video_maker import made_video
from tests.simulators.host import HostSigner

_WIDTH, _HEIGHT = 320, 240
_MESSAGE = hashlib.shake_256(b"scanning").digest(1900)
_OTHER = hashlib.shake_256(b"another").digest(1500)
_CAMERA = """
import sys, time
planes = open(sys.argv[1], "rb").read()
while True:
    for at in range(0, len(planes), 320 * 240):
        sys.stdout.buffer.write(planes[at : at + 320 * 240])
        sys.stdout.buffer.flush()
        time.sleep(0.03)
"""


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    """A decoder with the true child."""
    with Decoder() as decoder:
        yield decoder


def _frames(message: bytes = _MESSAGE, capacity: int = 120) -> list[bytes]:
    encoder = Encoder(message, capacity)
    return list(islice(encoder.frames(), encoder.fragments))


def _planes(payloads: Sequence[bytes]) -> list[Luma]:
    return [Luma(_WIDTH, _HEIGHT, luma(payload, _WIDTH, _HEIGHT)) for payload in payloads]


def _scan(decoder: Decoder, script: Sequence[Frame | ColdtuskError | None], wanted: scanning.Wanted) -> list[Status]:
    """What was told, until the message was whole."""
    told: list[Status] = []
    source = Scripted(script)
    scanning.scan(source, decoder, wanted, told.append, source.clock)
    return told


def _failed(decoder: Decoder, script: Sequence[Frame | ColdtuskError | None]) -> tuple[ColdtuskError, list[Status]]:
    told: list[Status] = []
    source = Scripted(script)
    with pytest.raises(ColdtuskError) as caught:
        scanning.scan(source, decoder, scanning.anything, told.append, source.clock)
    return caught.value, told


def _read(source: object, *, watching: bool = False) -> tuple[bytes, str]:
    """The message, and what was said."""
    said = io.StringIO()
    message = scanning.read_message(str(source), scanning.anything, watching=watching, line=ProgressLine(said))
    return message, said.getvalue()


class TestSources:
    """Every kind, through ``open_source`` and a child of its own."""

    @pytest.mark.parametrize("name", ["one.png", "many.gif", "many.apng", "many.png", "folder"])
    def test_pictures(self, name: str, tmp_path: Path) -> None:
        """What ``frames encode`` writes."""
        message = _MESSAGE if name != "one.png" else b"short"
        count = framing.write_pictures(tmp_path / name, message, 10)
        assert (name == "one.png") is (count == 1)
        read, said = _read(tmp_path / name)
        assert message == read
        assert [f"Reading {tmp_path / name}. Ctrl-C ends it.", f"Read {len(message)} bytes in "] == [
            said.splitlines()[0],
            said.splitlines()[-1][: len(f"Read {len(message)} bytes in ")],
        ]

    def test_watched_folder(self, tmp_path: Path) -> None:
        """Pictures that come later, and something that is none among them."""
        framing.write_pictures(tmp_path / "all", _MESSAGE, 10)
        folder = tmp_path / "watched"
        folder.mkdir()
        (folder / "a-note.png").write_bytes(b"not a picture")
        script = f"""
import os, sys, time
for name in sorted(os.listdir({str(tmp_path / "all")!r})):
    time.sleep(0.1)
    os.rename(os.path.join({str(tmp_path / "all")!r}, name), os.path.join({str(folder)!r}, name))
"""
        with subprocess.Popen([sys.executable, "-c", script]):
            assert _MESSAGE == _read(folder, watching=True)[0]

    def test_video(self, tmp_path: Path) -> None:
        """Through ffmpeg."""
        path = made_video(tmp_path / "film.mp4", _frames())
        assert _MESSAGE == _read(path)[0]

    def test_camera_command(self, tmp_path: Path) -> None:
        """A program that writes gray frames for ever is ended once the message is whole."""
        planes = tmp_path / "planes"
        planes.write_bytes(b"".join(plane.plane for plane in _planes(_frames())))
        script = tmp_path / "camera.py"
        script.write_text(_CAMERA)
        source = f"command:320x240:{sys.executable} {script} {planes}"
        assert _MESSAGE == _read(source)[0]
        assert [] == _processes(str(planes))

    def test_program_that_dies(self) -> None:
        """``program.died``, with its last words."""
        script = "import sys; sys.exit('no such device')"
        with pytest.raises(Outside, match="no such device") as caught:
            _read(f'command:8x8:{sys.executable} -c "{script}"')
        assert "program.died" == caught.value.code.name

    def test_missing(self, tmp_path: Path) -> None:
        """``source.unknown``."""
        with pytest.raises(BadInput) as caught:
            _read(tmp_path / "nothing")
        assert "source.unknown" == caught.value.code.name


class TestOutcome:
    """What ends a reading."""

    def test_nothing(self, decoder: Decoder) -> None:
        """``scan.nothing``: with what was seen."""
        error, _ = _failed(decoder, [Luma(8, 8, bytes(64))])
        assert ("scan.nothing", True) == (error.code.name, Hint.DARK.value in error.what)

    def test_incomplete(self, decoder: Decoder) -> None:
        """``scan.incomplete``: how far it came."""
        frames = _frames()
        error, told = _failed(decoder, _planes(frames[:7]))
        assert "scan.incomplete" == error.code.name
        assert f"7 of the {len(frames)} codes" in error.what
        assert [1, 2, 3, 4, 5, 6, 7] == sorted({one.progress.rank for one in told if one.progress})

    def test_unreadable_picture(self, decoder: Decoder) -> None:
        """Its own error, and its name."""
        error, _ = _failed(decoder, [Picture("note.png", b"not a picture")])
        assert ("picture.format", "note.png") == (error.code.name, error.where)

    def test_unreadable_pictures_between_others(self, decoder: Decoder) -> None:
        """They cost themselves alone; so do a cut one, and one that is dropped by the child."""
        cut = encoded(code(b"x"), "PNG")[:90]
        frames = [Picture(f"{number}.png", encoded(code(data), "PNG")) for number, data in enumerate(_frames())]
        script = [part for frame in frames for part in (Picture("note.png", b"none"), frame, Picture("cut.png", cut))]
        told = _scan(decoder, script, scanning.anything)
        assert Progress(len(frames) - 1, len(frames)) == told[-1].progress

    def test_error_of_the_source(self, decoder: Decoder) -> None:
        """As it is."""
        error, _ = _failed(decoder, [None, Outside(scanning.NOTHING, "unplugged")])
        assert "unplugged" == error.what


class TestWanted:
    """A whole message is judged, and reading goes on where it is not wanted."""

    def test_another_message_first(self, decoder: Decoder) -> None:
        """It is passed over, however often it comes; the wanted one is read."""
        seen: list[bytes] = []

        def wanted(message: bytes) -> None:
            seen.append(message)
            if message == _OTHER:
                raise BadInput(scanning.NOTHING, "another")

        script = [*_planes(_frames(_OTHER)), *_planes(_frames(_OTHER)), *_planes(_frames())]
        _scan(decoder, script, wanted)
        assert [_OTHER, _MESSAGE] == seen

    def test_mixed(self, decoder: Decoder) -> None:
        """Both at once, as when an old display still runs beside the new one."""
        pairs = zip(_planes(_frames()), _planes(_frames(_OTHER, 100)), strict=False)
        _scan(decoder, [plane for pair in pairs for plane in pair], scanning.anything)

    def test_type(self, decoder: Decoder) -> None:
        """``message.wrong-type`` when the source held nothing else."""
        signer = HostSigner(b"O" * 32)
        message = card.seal_host(HostCard(signer.public_key, "office"), signer)
        source = Scripted(_planes(_frames(message)))
        with pytest.raises(BadInput, match="host card") as caught:
            scanning.scan(source, decoder, scanning.of_type(MessageType.REQUEST), lambda _: None, source.clock)
        assert "message.wrong-type" == caught.value.code.name
        again = Scripted(_planes(_frames(message)))
        wanted = scanning.of_type(MessageType.HOST_CARD)
        assert message == scanning.scan(again, decoder, wanted, lambda _: None, again.clock)


class TestHints:
    """After some seconds without a gain, by what was seen."""

    @pytest.mark.parametrize(
        ("script", "expected"),
        [
            ([None] * 40, Hint.NO_PICTURE),
            ([Luma(64, 64, bytes(4096))] * 40, Hint.DARK),
            ([Luma(64, 64, bytes([180]) * 4096)] * 40, Hint.NO_CODE),
            (_planes([b"https://example.org/menu"]) * 40, Hint.FOREIGN),
            (_planes([_frames()[0][:-1] + b"\0"]) * 40, Hint.DAMAGED),
            (_planes(_frames()[:1]) * 40, Hint.STANDING),
            ([Picture("x.png", b"none")] * 40, Hint.UNREADABLE),
        ],
    )
    def test_hint(self, decoder: Decoder, script: list[Frame | None], expected: Hint) -> None:
        """Not at once; then the one that fits."""
        error, told = _failed(decoder, script)
        assert error.code.name in {"scan.nothing", "scan.incomplete", "picture.format"}
        hints = [one.hint for one in told]
        assert [None, expected] == [hints[0], hints[-1]]
        assert {None, expected} == set(hints)

    def test_refused_message(self, decoder: Decoder) -> None:
        """The screen shows something else than what is wanted."""
        told: list[Status] = []

        def wanted(_message: bytes) -> None:
            raise BadInput(scanning.NOTHING, "never")

        source = Scripted(_planes(_frames(b"short")) * 40)
        with pytest.raises(BadInput, match="never"):
            scanning.scan(source, decoder, wanted, told.append, source.clock)
        assert Hint.UNWANTED is told[-1].hint


_READER = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from coldtusk_shared.transport import scanning
try:
    scanning.read_message(sys.argv[1], scanning.anything)
except KeyboardInterrupt:
    print("interrupted")
    sys.exit(130)
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_interrupted(number: signal.Signals, status: int, tmp_path: Path) -> None:
    """A camera that shows no code: a hint comes; a signal ends it, and neither camera nor decoder is left."""
    planes = tmp_path / "planes"
    planes.write_bytes(bytes([150]) * 320 * 240)
    script = tmp_path / "camera.py"
    script.write_text(_CAMERA)
    source = f"command:320x240:{sys.executable} {script} {planes}"
    process = subprocess.Popen([sys.executable, "-c", _READER, source], stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stderr is not None
    said = b""
    while b"Hint: " not in said:
        said += process.stderr.readline()
    assert Hint.NO_CODE.value.encode() in said
    children = _children(process.pid)
    assert 2 == len(children)
    process.send_signal(number)
    out, _ = process.communicate(timeout=30)
    assert (status, number == signal.SIGINT) == (process.returncode, b"interrupted" in out)
    for child in children:
        ended(child)
    waited(lambda: not _processes(str(planes)))


def _children(parent: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _processes(word: str) -> list[int]:
    """The processes whose command line holds *word*, but for this one and its parents."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes()
        except OSError:
            continue
        if word.encode() in line and int(path.parts[2]) not in {os.getpid(), os.getppid()}:
            found.append(int(path.parts[2]))
    return found
