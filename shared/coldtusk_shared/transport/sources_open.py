"""From what an operator types behind ``--scan`` to a source."""

import re
import shlex
from pathlib import Path
from typing import Final

from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.file_errors import MISSING, READING, explained, place
from coldtusk_shared.file_system import OS_FILES, FileSystem, Kind
from coldtusk_shared.text import quoted
from coldtusk_shared.transport.cameras import THIS_MACHINE, Machine, detected, open_camera, open_first
from coldtusk_shared.transport.sources import Source
from coldtusk_shared.transport.sources_command import CANNOT_START, CommandSource, FrameCommand
from coldtusk_shared.transport.sources_files import PICTURE_SUFFIXES, PictureFiles, WatchedFolder
from coldtusk_shared.transport.sources_video import CONTAINERS, open_video

UNKNOWN = Code(
    "source.unknown",
    "give a picture, a GIF, a video, a folder, camera, camera:NAME, or command:WIDTHxHEIGHT:PROGRAM ...",
)
COMMAND = Code("source.bad-command", "write command:1280x720:PROGRAM ARGUMENTS; it writes frames of one byte a pixel")

_SIZE: Final = re.compile(r"([1-9][0-9]{0,4})x([1-9][0-9]{0,4})")


def available(machine: Machine = THIS_MACHINE) -> tuple[str, ...]:
    """The cameras of this machine as an operator types them."""
    return tuple(f"camera:{name}" for name in detected(machine))


def open_source(
    text: str, *, watching: bool = True, machine: Machine = THIS_MACHINE, fs: FileSystem = OS_FILES
) -> Source:
    """The source that *text* names.

    ``camera`` is the first camera that works, ``camera:NAME`` a certain one, ``command:1280x720:PROGRAM ...`` any
    program that writes gray frames; all else is the path of a picture, an animation, a video, or a folder, which is
    watched for new pictures if *watching*. A file named camera is ``./camera``. Raises :class:`BadInput`,
    :class:`Outside`.
    """
    kind, _, rest = text.partition(":")
    if text == "camera":
        return open_first(detected(machine))
    if kind == "camera":
        return open_camera(rest, detected(machine))
    if kind == "command":
        return CommandSource(_command(rest, machine))
    if not text:
        raise BadInput(UNKNOWN, "no source is named")
    return _open_path(Path(text), watching=watching, machine=machine, fs=fs)


def _command(text: str, machine: Machine) -> FrameCommand:
    size, _, line = text.partition(":")
    match = _SIZE.fullmatch(size)
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise BadInput(COMMAND, f"a quotation mark is not closed in {quoted(line)}") from error
    if match is None or not words:
        raise BadInput(COMMAND, f"{quoted(text)} has no size or no program")
    program = machine.which(words[0])
    if program is None:
        raise BadInput(CANNOT_START, f"there is no program {quoted(words[0])}")
    return FrameCommand(f"command:{words[0]}", (program, *words[1:]), int(match[1]), int(match[2]))


def _open_path(path: Path, *, watching: bool, machine: Machine, fs: FileSystem) -> Source:
    kind = _kind(path, machine, fs)
    suffix = path.suffix.lower()
    if kind is Kind.FOLDER:
        return WatchedFolder(path, watching=watching, fs=fs)
    if suffix in CONTAINERS:
        return open_video(path, fs=fs, which=machine.which)
    if suffix in PICTURE_SUFFIXES or kind is not Kind.FILE:
        return PictureFiles((path,), fs)
    known = ", ".join(sorted((*PICTURE_SUFFIXES, *CONTAINERS)))
    raise BadInput(UNKNOWN, f"its name ends in none of {known}", where=place(path))


def _kind(path: Path, machine: Machine, fs: FileSystem) -> Kind:
    try:
        with explained(path, READING):
            return fs.look(path).kind
    except BadInput as error:
        if error.code is not MISSING:
            raise
        cameras = ", ".join(available(machine)) or "none"
        raise BadInput(UNKNOWN, f"there is no such file; cameras here: {cameras}", where=place(path)) from error
