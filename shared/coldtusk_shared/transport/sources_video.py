"""A video file as a source: ffmpeg reads it, locked in, and writes gray frames; we never parse it.

The file is opened once; ffmpeg gets the open file and not its name, and is told which container it is, so
that no playlist makes it open anything else.
"""

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from coldtusk_shared import files, limits
from coldtusk_shared.errors import BadInput, Code, Outside
from coldtusk_shared.file_errors import READING, explained, place
from coldtusk_shared.file_system import OS_FILES, FileSystem
from coldtusk_shared.transport.frame_reader import Delivery
from coldtusk_shared.transport.launcher import answer, launched
from coldtusk_shared.transport.sources_command import CommandSource, FrameCommand

NO_FFMPEG = Code("video.no-ffmpeg", "install ffmpeg, or give pictures instead of a video")
UNREADABLE = Code("video.unreadable", "convert it to MP4 (H.264), or photograph the codes")

CONTAINERS: Final[Mapping[str, str]] = {
    ".mp4": "mov",
    ".m4v": "mov",
    ".mov": "mov",
    ".mkv": "matroska",
    ".webm": "matroska",
    ".avi": "avi",
}
"""By a file's suffix, ffmpeg's name for the container."""
_DIMENSIONS: Final = re.compile(r"width=([0-9]{1,5})\nheight=([0-9]{1,5})\n")
_QUIET: Final = ("-nostdin", "-v", "error", "-threads", "2", "-filter_threads", "1")
_PROBE: Final = ("-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "default=noprint_wrappers=1")
_PROBE_SECONDS: Final = 20.0

Which = Callable[[str], str | None]


def open_video(path: Path, *, fs: FileSystem = OS_FILES, which: Which = shutil.which) -> CommandSource:
    """Every frame of the first video stream of *path*, at most VIDEO_FRAMES.

    Raises :class:`BadInput` for what is no regular file or no video, :class:`Outside` without ffmpeg.
    """
    ffmpeg, ffprobe = which("ffmpeg"), which("ffprobe")
    if ffmpeg is None or ffprobe is None:
        raise Outside(NO_FFMPEG, "ffmpeg is not installed", where=place(path))
    with explained(path, READING), files.opened(fs.open_read(path), fs) as handle:
        files.check_input(fs.status(handle), path, limits.VIDEO_BYTES)
        given = ("-protocol_whitelist", "file", "-f", CONTAINERS[path.suffix.lower()])
        source = ("-i", f"file:/proc/self/fd/{handle}")
        width, height = _dimensions((ffprobe, "-v", "error", *given, *_PROBE, *source), handle, path)
        arguments = (ffmpeg, *_QUIET, "-noautorotate", *given, *source, *_output(width, height))
        return CommandSource(
            FrameCommand(
                title=place(path),
                arguments=arguments,
                width=width,
                height=height,
                delivery=Delivery.EVERY,
                memory=limits.VIDEO_MEMORY_BYTES,
                descriptors=(handle,),
            )
        )


def _output(width: int, height: int) -> tuple[str, ...]:
    """The scaler holds every frame to the first one's size, whatever the stream does later."""
    size = f"scale={width}:{height},format=gray"
    frames = ("-map", "0:v:0", "-frames:v", str(limits.VIDEO_FRAMES), "-fps_mode", "passthrough")
    return (*frames, "-vf", size, "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1")


def _dimensions(command: tuple[str, ...], handle: int, path: Path) -> tuple[int, int]:
    said = answer(launched(command, limits.VIDEO_MEMORY_BYTES), seconds=_PROBE_SECONDS, descriptors=(handle,))
    match = _DIMENSIONS.match(said or "")
    if match is None:
        raise BadInput(UNREADABLE, "ffprobe finds no video in it", where=place(path))
    return int(match[1]), int(match[2])
