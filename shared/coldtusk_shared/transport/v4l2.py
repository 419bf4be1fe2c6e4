"""The kernel's video devices: which of them are cameras (linux/videodev2.h, VIDIOC_QUERYCAP)."""

import fcntl
import os
import struct
from contextlib import suppress
from pathlib import Path
from typing import Final

_QUERY_CAPABILITIES: Final = 0x8068_5600
_CAPABILITY: Final = struct.Struct("=16s32s32sIII12x")  # driver, card, bus, version, capabilities, device's own
_CAPTURE, _HAS_OWN = 0x0000_0001, 0x8000_0000


def captures(answer: bytes) -> bool:
    """Whether a struct v4l2_capability is a camera's; a coder or a helper of a sensor is none."""
    *_, capabilities, own = _CAPABILITY.unpack(answer)
    return bool((own if capabilities & _HAS_OWN else capabilities) & _CAPTURE)


def capture_devices(folder: Path = Path("/dev")) -> tuple[str, ...]:
    """The paths of the cameras, in the order of their numbers. What cannot be opened now is none."""
    numbers = [int(path.name[5:]) for path in folder.glob("video*") if path.name[5:].isdecimal()]
    return tuple(str(path) for path in (folder / f"video{number}" for number in sorted(numbers)) if _is_camera(path))


def _is_camera(path: Path) -> bool:
    with suppress(OSError):
        handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            return captures(fcntl.ioctl(handle, _QUERY_CAPABILITIES, bytes(_CAPABILITY.size)))
        finally:
            os.close(handle)
    return False
