"""Cameras that are found, chosen and opened, on machines that we make up; ffmpeg plays the camera."""

import fcntl
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from coldtusk_shared.errors import BadInput, Outside
from coldtusk_shared.transport import v4l2
from coldtusk_shared.transport.cameras import (
    PROFILES,
    THIS_MACHINE,
    Camera,
    Profile,
    detected,
    open_camera,
    open_first,
)
from coldtusk_shared.transport.sources import Luma
from coldtusk_shared.transport.sources_command import FrameCommand, Layout
from tests.simulators.programs import program

_LONG = 20.0
_READY = "import os, time; os.write(1, bytes([{}]) * 64); time.sleep(1000)"


@dataclass
class MadeMachine:
    """A machine with these programs and devices."""

    programs: dict[str, str] = field(default_factory=dict)
    devices: Sequence[str] = ()

    def which(self, program: str) -> str | None:
        """The path that was made up."""
        return self.programs.get(program)

    def capture_devices(self) -> Sequence[str]:
        """The devices that were made up."""
        return self.devices


def _camera(source: str, *, question: str = "", answers: tuple[str, ...] = ()) -> Camera:
    def python(text: str) -> tuple[str, ...]:
        return (sys.executable, "-I", "-c", text)

    return Camera(FrameCommand("camera:made", python(source), 8, 8), python(question) if question else (), answers)


def test_nothing_there() -> None:
    """A machine without programs has no cameras, whatever devices it has."""
    assert {} == detected(MadeMachine(devices=["/dev/video0"]))


def test_a_raspberry_pi() -> None:
    """rpicam-vid finds its camera itself; what reads devices is there once a device."""
    machine = MadeMachine(
        {"rpicam-vid": "/usr/bin/rpicam-vid", "ffmpeg": "/usr/bin/ffmpeg"}, ["/dev/video0", "/dev/video2"]
    )
    names = ["rpicam", "ffmpeg-video0", "ffmpeg-video2", "ffmpeg-raw-video0", "ffmpeg-raw-video2"]
    assert names == list(detected(machine))


def test_all_profiles() -> None:
    """Each starts its program by the full path, fills its device in, and declares what it writes."""
    machine = MadeMachine({profile.program: f"/bin/{profile.program}" for profile in PROFILES}, ["/dev/video7"])
    cameras = detected(machine)
    assert ["rpicam", "libcamera", "ffmpeg-video7", "ffmpeg-raw-video7", "v4l2-video7"] == list(cameras)
    for camera, profile in zip(cameras.values(), PROFILES, strict=True):
        arguments = camera.command.arguments
        assert (f"/bin/{profile.program}", profile.layout) == (arguments[0], camera.command.layout)
        assert profile.reads_device == ("/dev/video7" in arguments)
        assert not [argument for argument in (*arguments, *camera.question) if "{" in argument]


def test_rpicam_pads_no_row() -> None:
    """Its rows are padded to 64 bytes; ours need none, so a frame is what Layout.YUV420 says."""
    command = detected(MadeMachine({"rpicam-vid": "/bin/rpicam-vid"}))["rpicam"].command
    assert (0, Layout.YUV420) == (command.width % 64, command.layout)
    assert 1280 * 720 * 3 // 2 == command.layout.size(command.width, command.height)


def test_a_camera_by_name() -> None:
    """The one that was asked for, and no other."""
    cameras = {"one": _camera(_READY.format(1)), "two": _camera(_READY.format(2))}
    source = open_camera("two", cameras)
    try:
        assert Luma(8, 8, bytes([2]) * 64) == source.take(_LONG)
    finally:
        source.close()


@pytest.mark.parametrize("cameras", [{}, {"one": _camera(""), "two": _camera("")}])
def test_a_camera_of_another_name(cameras: dict[str, Camera]) -> None:
    """What is there is listed."""
    with pytest.raises(BadInput) as caught:
        open_camera("three", cameras)
    assert "camera.unknown" == caught.value.code.name
    assert (", ".join(cameras) or "none") in str(caught.value)


def test_the_first_that_works() -> None:
    """Those that die, and those that give nothing, are passed over."""
    cameras = {
        "dead": _camera("raise SystemExit('no camera')"),
        "hung": _camera("import time; time.sleep(1000)"),
        "well": _camera("import os, time\nfor n in (1, 2): os.write(1, bytes([n]) * 64)\ntime.sleep(1000)"),
    }
    source = open_first(cameras, patience=2.0)
    try:
        assert (cameras["well"].command.title, False) == (source.title, source.ended)
    finally:
        source.close()


def test_none_that_works() -> None:
    """The last one's failure is told."""
    with pytest.raises(Outside) as caught:
        open_first({"dead": _camera("raise SystemExit('first')"), "dead too": _camera("raise SystemExit('second')")})
    assert ("program.died", True) == (caught.value.code.name, "second" in str(caught.value))


def test_none_at_all() -> None:
    """It is said what to do."""
    with pytest.raises(Outside) as caught:
        open_first({})
    assert "camera.none" == caught.value.code.name


_SAID = "Format Video Capture:\n\tWidth/Height      : 1280/720\n\tPixel Format      : 'YUYV' (YUYV 4:2:2)\n"


def _v4l2(said: str) -> Camera:
    answers = next(profile for profile in PROFILES if profile.name == "v4l2").answers
    return _camera(_READY.format(1), question=f"print({said!r})", answers=answers)


def test_a_driver_that_agrees() -> None:
    """Its camera is opened."""
    source = open_camera("v4l2", {"v4l2": _v4l2(_SAID)})
    source.close()


@pytest.mark.parametrize(
    "said", [_SAID.replace("1280/720", "640/480"), _SAID.replace("YUYV", "MJPG"), _SAID.replace("720", "7200"), ""]
)
def test_a_driver_that_does_as_it_likes(said: str) -> None:
    """Frames of another size or kind than we count on are never read."""
    with pytest.raises(Outside) as caught:
        open_camera("v4l2", {"v4l2": _v4l2(said)})
    assert "camera.format" == caught.value.code.name


@pytest.mark.parametrize("question", ["import time; time.sleep(1000)", "raise SystemExit(1)"])
def test_a_driver_that_does_not_answer(question: str) -> None:
    """The same, after its patience."""
    with pytest.raises(Outside) as caught:
        open_first({"v4l2": _camera("", question=question, answers=("x",))}, patience=0.5)
    assert "camera.format" == caught.value.code.name


def test_ffmpeg_as_a_camera() -> None:
    """A profile of ffmpeg, on a made picture for want of a device, gives planes of the declared size."""
    profile = next(profile for profile in PROFILES if profile.name == "ffmpeg-raw")
    swapped = {"v4l2": "lavfi", "{device}": "color=gray:s=640x480:r=30:d=2"}
    left_out = {"-framerate", "30", "-video_size", "1280x720"}
    arguments = tuple(swapped.get(word, word) for word in profile.arguments if word not in left_out)
    made = Profile("made", program("ffmpeg"), profile.layout, arguments)
    source = open_first(detected(THIS_MACHINE, [made]), patience=_LONG)
    try:
        frame = source.take(_LONG)
    finally:
        source.close()
    assert frame is not None
    assert (1280, 720, True) == (frame.width, frame.height, 100 < frame.plane[0] < 150)


_CAPTURE, _COMPRESSES, _OWN = 0x0000_0001, 0x0000_8000, 0x8000_0000


@pytest.mark.parametrize(
    ("capabilities", "own", "expected"),
    [
        (_CAPTURE, 0, True),
        (_CAPTURE | _OWN, _CAPTURE, True),
        (_CAPTURE | _OWN, _COMPRESSES, False),
        (_COMPRESSES, _CAPTURE, False),
        (0, 0, False),
    ],
)
def test_capabilities(capabilities: int, own: int, *, expected: bool) -> None:
    """A device's own capabilities count where it tells them, else those of its driver."""
    answer = struct.pack("=16s32s32sIII12x", b"uvcvideo", b"Camera", b"usb-1", 0x060100, capabilities, own)
    assert expected is v4l2.captures(answer)


def test_devices(tmp_path: Path) -> None:
    """What is no video device is none, and a name that is like one neither."""
    for name in ("video0", "video10", "videotape", "video"):
        (tmp_path / name).touch()
    (tmp_path / "video2").symlink_to("/dev/null")
    assert () == v4l2.capture_devices(tmp_path)


def test_devices_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By number: video2 comes before video10."""
    answer = struct.pack("=16s32s32sIII12x", b"", b"", b"", 0, _CAPTURE, 0)
    monkeypatch.setattr(fcntl, "ioctl", lambda handle, request, buffer: answer)
    for name in ("video10", "video2"):
        (tmp_path / name).touch()
    assert (str(tmp_path / "video2"), str(tmp_path / "video10")) == v4l2.capture_devices(tmp_path)


def test_this_machine() -> None:
    """It answers, whatever it has."""
    assert program("ffmpeg") == THIS_MACHINE.which("ffmpeg")
    assert all(device.startswith("/dev/video") for device in THIS_MACHINE.capture_devices())
