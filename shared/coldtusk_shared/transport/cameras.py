"""Cameras: commands that write raw frames. Which are there, what they are called, and how they are opened."""

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code, ColdtuskError, Outside
from coldtusk_shared.text import quoted
from coldtusk_shared.transport import v4l2
from coldtusk_shared.transport.launcher import answer, launched
from coldtusk_shared.transport.sources_command import CommandSource, FrameCommand, Layout

NONE = Code("camera.none", "connect a camera and install ffmpeg or rpicam-apps, or scan pictures instead")
UNKNOWN = Code("camera.unknown", "choose one of those that are listed")
FORMAT = Code("camera.format", "choose another camera of the list: ffmpeg converts what this one gives")

_WIDTH, _HEIGHT = 1280, 720


class Machine(Protocol):
    """What a machine has: programs and video devices."""

    def which(self, program: str) -> str | None:
        """The full path of *program*, if it is installed."""
        ...

    def capture_devices(self) -> Sequence[str]:
        """The paths of its cameras' devices, ``/dev/video0`` and the like."""
        ...


class ThisMachine:
    """The machine that this runs on."""

    __slots__ = ()

    def which(self, program: str) -> str | None:
        """By PATH."""
        return shutil.which(program)

    def capture_devices(self) -> Sequence[str]:
        """By the kernel."""
        return v4l2.capture_devices()


THIS_MACHINE: Final = ThisMachine()


@dataclass(frozen=True, slots=True)
class Profile:
    """How a program is asked for frames; ``{device}`` in *arguments* stands for a device, if it reads one.

    *question* is asked first of a program that may write frames of another size than it was told to: each of
    *answers* is a pattern that must be found in what it says.
    """

    name: str
    program: str
    layout: Layout
    arguments: tuple[str, ...]
    question: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()

    @property
    def reads_device(self) -> bool:
        """Whether it reads a video device, so that there is one camera a device; else it finds its camera itself."""
        return any("{device}" in argument for argument in self.arguments)


@dataclass(frozen=True, slots=True)
class Camera:
    """A profile on a device of this machine."""

    command: FrameCommand
    question: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


_RPICAM: Final = (
    *("--codec", "yuv420", "--width", str(_WIDTH), "--height", str(_HEIGHT), "--framerate", "30"),
    *("--timeout", "0", "--nopreview", "--flush", "--verbose", "0", "--output", "-"),
)
_FFMPEG: Final = (
    *("-video_size", f"{_WIDTH}x{_HEIGHT}", "-i", "{device}", "-map", "0:v:0"),
    *("-vf", f"scale={_WIDTH}:{_HEIGHT},format=gray", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"),
)
_FFMPEG_QUIET: Final = ("-nostdin", "-v", "error", "-fflags", "nobuffer", "-f", "v4l2", "-framerate", "30")
_V4L2_FORMAT: Final = (
    *("--device", "{device}"),
    f"--set-fmt-video=width={_WIDTH},height={_HEIGHT},pixelformat=YUYV",
)
PROFILES: Final = (
    Profile("rpicam", "rpicam-vid", Layout.YUV420, _RPICAM),
    Profile("libcamera", "libcamera-vid", Layout.YUV420, _RPICAM),
    Profile("ffmpeg", "ffmpeg", Layout.GRAY8, (*_FFMPEG_QUIET, "-input_format", "mjpeg", *_FFMPEG)),
    Profile("ffmpeg-raw", "ffmpeg", Layout.GRAY8, (*_FFMPEG_QUIET, *_FFMPEG)),
    Profile(
        "v4l2",
        "v4l2-ctl",
        Layout.YUYV,
        (*_V4L2_FORMAT, "--stream-mmap", "--stream-count=0", "--stream-to=-"),
        (*_V4L2_FORMAT, "--get-fmt-video"),
        (rf"Width/Height\s*:\s*{_WIDTH}/{_HEIGHT}\b", r"Pixel Format\s*:\s*'YUYV'"),
    ),
)
"""In the order in which they are tried. 1280 is a multiple of 64: rpicam-vid pads no row of it. A USB camera gives
30 frames a second as JPEG, and often 10 uncompressed. v4l2-ctl takes what the driver makes of the wish."""


def detected(machine: Machine = THIS_MACHINE, profiles: Sequence[Profile] = PROFILES) -> Mapping[str, Camera]:
    """The cameras of *machine* by name: ``rpicam``, ``ffmpeg-video0`` and so on, the likeliest first."""
    found: dict[str, Camera] = {}
    devices = machine.capture_devices()
    for profile in profiles:
        program = machine.which(profile.program)
        if program is None:
            continue
        for device in devices if profile.reads_device else ("",):
            name = "-".join(filter(None, (profile.name, device.rpartition("/")[2])))
            found[name] = _camera(name, program, profile, device)
    return found


def _camera(name: str, program: str, profile: Profile, device: str) -> Camera:
    def filled(arguments: Sequence[str]) -> tuple[str, ...]:
        return (program, *(argument.replace("{device}", device) for argument in arguments))

    command = FrameCommand(f"camera:{name}", filled(profile.arguments), _WIDTH, _HEIGHT, profile.layout)
    return Camera(command, filled(profile.question) if profile.question else (), profile.answers)


def open_camera(name: str, cameras: Mapping[str, Camera]) -> CommandSource:
    """The camera *name* of *cameras*. Raises :class:`BadInput` when there is none of that name, else Outside."""
    if name not in cameras:
        listed = ", ".join(cameras) or "none"
        raise BadInput(UNKNOWN, f"there is no camera {quoted(name)}; there are: {listed}")
    return _opened(cameras[name])


def open_first(cameras: Mapping[str, Camera], patience: float = limits.CAMERA_SECONDS) -> CommandSource:
    """The first of *cameras* that gives a frame; that frame is not given again. Each may take *patience* seconds.

    Raises :class:`Outside`: there is none, or what the last one failed with.
    """
    failure: ColdtuskError = Outside(NONE, "no camera was found")
    for camera in cameras.values():
        try:
            return _working(_opened(camera, patience))
        except ColdtuskError as error:
            failure = error
    raise failure


def _opened(camera: Camera, patience: float = limits.CAMERA_SECONDS) -> CommandSource:
    if camera.question:
        _ask(camera, patience)
    return CommandSource(camera.command, patience=patience)


def _ask(camera: Camera, patience: float) -> None:
    said = answer(launched(camera.question), seconds=patience) or ""
    if not all(re.search(pattern, said) for pattern in camera.answers):
        raise Outside(FORMAT, f"it gives no frames of {_WIDTH}x{_HEIGHT}", where=camera.command.title)


def _working(source: CommandSource) -> CommandSource:
    """*source*, once it gave a frame."""
    try:
        while source.take(limits.CAMERA_SECONDS) is None and not source.ended:
            pass
    except BaseException:
        source.close()
        raise
    return source
