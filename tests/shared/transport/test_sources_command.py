"""Programs as cameras: those that work, and those that hang, flood, die or write something else."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Outside
from coldtusk_shared.transport.frame_reader import Delivery
from coldtusk_shared.transport.sources import Luma, frames
from coldtusk_shared.transport.sources_command import CommandSource, FrameCommand, Layout
from tests.shared.transport.processes import ended, gone, limits_of, status, waited

_HEAD = """
import os, sys, time
def frame(number, size=64):
    data = bytes([number % 256]) * size
    while data: data = data[os.write(1, data):]
"""
_FOREVER = "time.sleep(1000)\n"
_LONG = 20.0


class Programs:
    """Starts programs of Python that write frames, of 8 by 8 if nothing else is said, and closes what a test leaves."""

    def __init__(self) -> None:
        self._opened: list[CommandSource] = []

    def start(self, source: str, *, patience: float = _LONG, delivery: Delivery = Delivery.NEWEST) -> CommandSource:
        """Start *source*."""
        return self.open(FrameCommand("camera", _python(source), 8, 8, delivery=delivery), patience=patience)

    def open(
        self, command: FrameCommand, *, patience: float = _LONG, environment: Mapping[str, str] = os.environ
    ) -> CommandSource:
        """Start *command*."""
        self._opened.append(CommandSource(command, patience=patience, environment=environment))
        return self._opened[-1]

    def close(self) -> None:
        """End them all."""
        for source in self._opened:
            source.close()


@pytest.fixture
def programs() -> Iterator[Programs]:
    """A starter whose programs end with the test."""
    programs = Programs()
    yield programs
    programs.close()


def _python(source: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-c", _HEAD + source)


def _numbers(source: CommandSource) -> list[int]:
    return [frame.plane[0] for frame in frames(source, _LONG) if isinstance(frame, Luma)]


def _failed(source: CommandSource) -> Outside:
    with pytest.raises(Outside) as caught:
        for _ in frames(source, _LONG):
            pass
    assert source.ended
    assert gone(source.pid)
    return caught.value


def test_frames(programs: Programs) -> None:
    """What it writes comes as planes of the declared size; its end is the source's."""
    source = programs.start("frame(7)")
    assert ("camera", False) == (source.title, source.ended)
    assert [Luma(8, 8, bytes([7]) * 64), None] == [source.take(_LONG), source.take(_LONG)]
    assert (True, 0, None) == (source.ended, source.dropped, source.take(_LONG))


def test_every_frame_of_a_video(programs: Programs) -> None:
    """None is dropped, however slow we are; the program waits."""
    source = programs.start("for number in range(100): frame(number)", delivery=Delivery.EVERY)
    assert (list(range(100)), 0) == (_numbers(source), source.dropped)


def test_the_newest_frame_of_a_camera(programs: Programs) -> None:
    """What came while we were busy is dropped but for the last, and counted."""
    source = programs.start("for number in range(5): frame(number)\n" + _FOREVER)
    waited(lambda: source.dropped == 4)
    assert Luma(8, 8, bytes([4]) * 64) == source.take(_LONG)


def test_frames_in_pieces(programs: Programs) -> None:
    """A frame may come byte by byte, and two at once."""
    pieces = "for _ in range(64): os.write(1, b'a'); time.sleep(0.001)\nos.write(1, b'b' * 64 + b'c' * 64)"
    source = programs.start(pieces, delivery=Delivery.EVERY)
    assert list(b"abc") == _numbers(source)


def test_nothing_for_a_tick(programs: Programs) -> None:
    """While nothing comes the caller has the word."""
    source = programs.start(_FOREVER)
    assert (None, False) == (source.take(0.01), source.ended)
    assert next(frames(source, 0.01)) is None


def test_a_program_that_hangs(programs: Programs) -> None:
    """After its patience the source says so, and the program is killed."""
    failure = _failed(programs.start("sys.stderr.write('waiting\\n'); frame(1); " + _FOREVER, patience=1.5))
    assert "program.silent" == failure.code.name
    assert "waiting" in str(failure)
    assert limits.CAMERA_SECONDS > 1


def test_a_program_that_dies(programs: Programs) -> None:
    """Its status and its last words are told, without what a terminal would obey."""
    failure = _failed(programs.start("frame(1); sys.exit('first\\nno \\x1b[31mcamera\\n\\n')"))
    assert "program.died" == failure.code.name
    assert "status 1" in str(failure)
    assert "camera" in str(failure)
    assert str(failure).isprintable()


def test_a_program_that_is_killed(programs: Programs) -> None:
    """The same by a signal."""
    failure = _failed(programs.start("import signal; frame(1); os.kill(os.getpid(), signal.SIGKILL)"))
    assert ("program.died", True) == (failure.code.name, "status -9" in str(failure))


def test_a_program_without_a_frame(programs: Programs) -> None:
    """An orderly end with nothing is none."""
    failure = _failed(programs.start(""))
    assert ("program.died", True) == (failure.code.name, "without a frame" in str(failure))


def test_a_program_that_is_not_there(programs: Programs) -> None:
    """It is said like one that died."""
    failure = _failed(programs.open(FrameCommand("camera", ("/nowhere/camera",), 8, 8)))
    assert ("program.died", True) == (failure.code.name, "No such file" in str(failure))


def test_a_short_frame(programs: Programs) -> None:
    """A size that was declared wrong shows at the end."""
    failure = _failed(programs.start("frame(1); frame(2, size=63)"))
    assert ("program.short-frame", True) == (failure.code.name, "63 of 64" in str(failure))


def test_a_program_that_closes_its_output_and_stays(programs: Programs) -> None:
    """It has ended, and is killed."""
    source = programs.start("frame(1); os.close(1); " + _FOREVER)
    assert ([1], True, True) == (_numbers(source), source.ended, gone(source.pid))


def test_a_flood(programs: Programs) -> None:
    """Frames as fast as a pipe can: CAMERA_RATE of them a second are read, in bounded memory."""
    flood = FrameCommand("camera", _python("data = bytes(1 << 20)\nwhile True: os.write(1, data)"), 1280, 720)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    source = programs.open(flood)
    assert all(source.take(_LONG) is not None for _ in range(50))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"a flood: {grown} KiB more at the peak, {limits.CAMERA_RATE} frames a second at most")
    assert grown < 40 << 10


def test_a_flood_of_notes(programs: Programs) -> None:
    """What it says is read and forgotten but for the end; without frames that is silence."""
    failure = _failed(programs.start("while True: os.write(2, b'error ' * 1000)", patience=0.5))
    assert "program.silent" == failure.code.name
    assert len(str(failure)) < 300


def test_a_video_that_never_ends(programs: Programs) -> None:
    """It goes on as long as we take frames, in bounded memory, and ends when we close."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    source = programs.start("number = 0\nwhile True: frame(number); number += 1", delivery=Delivery.EVERY)
    taken = [source.take(_LONG) for _ in range(2000)]
    assert [number % 256 for number in range(2000)] == [frame.plane[0] for frame in taken if frame]
    print(f"endless: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before} KiB more at the peak")
    source.close()
    assert (True, True) == (source.ended, gone(source.pid))


def test_closing(programs: Programs) -> None:
    """It kills the program and what that started, wherever they are, and may be done twice."""
    source = programs.start(
        "import subprocess\n"
        "other = subprocess.Popen(['sleep', '1000'])\n"
        "for byte in other.pid.to_bytes(4, 'big'): frame(byte)\n" + _FOREVER,
        delivery=Delivery.EVERY,
    )
    numbers = [source.take(_LONG) for _ in range(4)]
    other = int.from_bytes(bytes(frame.plane[0] for frame in numbers if frame), "big")
    source.close()
    source.close()
    assert gone(source.pid)
    ended(other)


def test_closing_does_not_wait_for_a_deserter(programs: Programs) -> None:
    """A process that left the group and holds the pipe open does not hang us."""
    source = programs.start(
        "import subprocess\nother = subprocess.Popen(['sleep', '2'], start_new_session=True)\nframe(1)\n" + _FOREVER
    )
    assert source.take(_LONG) is not None
    source.close()
    assert gone(source.pid)


def test_closing_while_a_video_waits(programs: Programs) -> None:
    """A frame that nobody takes does not hang us."""
    source = programs.start("while True: frame(1)", delivery=Delivery.EVERY)
    assert source.take(_LONG) is not None
    source.close()
    assert (None, True) == (source.take(_LONG), gone(source.pid))


@pytest.mark.parametrize(
    ("layout", "written"),
    [(Layout.GRAY8, b"abcdefgh"), (Layout.YUV420, b"abcdefghUUVV"), (Layout.YUYV, b"aUbVcUdVeUfVgUhV")],
)
def test_layouts(programs: Programs, layout: Layout, written: bytes) -> None:
    """Of every layout the luma is taken, and the next frame begins where it should."""
    command = FrameCommand("camera", _python(f"os.write(1, {written!r} * 2)"), 4, 2, layout, Delivery.EVERY)
    assert [Luma(4, 2, b"abcdefgh")] * 2 == list(frames(programs.open(command), _LONG))


@pytest.mark.parametrize(("width", "height"), [(0, 8), (8, 0), (-8, 8), (4096, 4097), (limits.PICTURE_SIDE + 1, 1)])
def test_a_size_that_is_none(width: int, height: int) -> None:
    """Nothing is started for it; PICTURE_PIXELS and PICTURE_SIDE are the most."""
    with pytest.raises(BadInput) as caught:
        FrameCommand("camera", _python(""), width, height)
    assert "program.frame-size" == caught.value.code.name


def test_surroundings(programs: Programs) -> None:
    """Its own session, the root folder, no input; of our variables those that a camera needs and no other."""
    environment = {"PATH": "/bin", "HOME": "/h", "LIBCAMERA_LOG_LEVELS": "1", "COLDTUSK_SECRET": "x", "LD_PRELOAD": "y"}
    command = FrameCommand("camera", _python("frame(1); " + _FOREVER), 8, 8)
    source = programs.open(command, environment=environment)
    assert source.take(_LONG) is not None
    folder = Path(f"/proc/{source.pid}")
    names = {line.partition(b"=")[0] for line in (folder / "environ").read_bytes().split(b"\0") if line}
    assert {b"PATH", b"HOME", b"LIBCAMERA_LOG_LEVELS"} == names - {b"LC_CTYPE"}
    assert (source.pid, Path("/")) == (os.getsid(source.pid), (folder / "cwd").readlink())
    assert {"0", "1", "2"} == {path.name for path in (folder / "fd").iterdir()}
    assert Path("/dev/null") == (folder / "fd" / "0").readlink()


@pytest.mark.parametrize(("memory", "shown", "files"), [(0, "unlimited", "unlimited"), (1 << 30, str(1 << 30), "0")])
def test_locked_in(programs: Programs, memory: int, shown: str, files: str) -> None:
    """No privilege, no core dump; what reads a file from outside has little memory and writes no file."""
    command = FrameCommand("camera", _python("frame(1); " + _FOREVER), 8, 8, memory=memory)
    source = programs.open(command)
    assert source.take(_LONG) is not None
    found = limits_of(source.pid)
    assert (shown, files) == (found["Max address space"], found["Max file size"])
    assert ("0", "1") == (found["Max core file size"], status(source.pid)["NoNewPrivs"])


def test_it_dies_with_us() -> None:
    """When we are killed no camera stays on."""
    script = (
        "import os, signal, sys\n"
        "from coldtusk_shared.transport.sources_command import CommandSource, FrameCommand\n"
        "camera = (sys.executable, '-I', '-c', 'import os, time; os.write(1, bytes(64)); time.sleep(1000)')\n"
        "source = CommandSource(FrameCommand('camera', camera, 8, 8))\n"
        "assert source.take(20.0)\n"
        "print(source.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], stdout=subprocess.PIPE, check=False)
    assert -signal.SIGKILL == done.returncode
    ended(int(done.stdout))


def test_a_program_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without room for another process says so at once."""
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(Outside) as caught:
        CommandSource(FrameCommand("camera", ("/bin/true",), 8, 8))
    assert "program.cannot-start" == caught.value.code.name
