"""Video files through ffmpeg: each frame of them, and what is none."""

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from coldtusk_shared import limits
from coldtusk_shared.errors import ColdtuskError, Outside
from coldtusk_shared.transport.decoder import Decoder
from coldtusk_shared.transport.sources import Frame, Luma, frames
from coldtusk_shared.transport.sources_command import CommandSource
from coldtusk_shared.transport.sources_video import CONTAINERS, open_video
from tests.boundary.fresh_process import run_python
from tests.shared.transport.processes import gone, limits_of
from tests.shared.transport.video_maker import HEIGHT, PAYLOADS, WIDTH, made_video
from tests.simulators.programs import program

_LONG = 30.0


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six frames, one code each."""
    return made_video(tmp_path_factory.mktemp("video") / "codes.mp4")


def _ffmpeg(*arguments: str | Path) -> None:
    subprocess.run([program("ffmpeg"), "-v", "error", *arguments], check=True)


def _read(given: list[Frame | None]) -> list[list[bytes]]:
    with Decoder() as decoder:
        return [decoder.luma(f.width, f.height, f.plane) for f in given if isinstance(f, Luma)]


def _failure(path: Path) -> str:
    """The code that *path* is refused with, when it is opened or on the way."""
    with pytest.raises(ColdtuskError) as caught:
        _all(open_video(path))
    return caught.value.code.name


def _all(source: CommandSource) -> list[Frame | None]:
    try:
        return list(frames(source, _LONG))
    finally:
        source.close()


def test_every_frame(video: Path) -> None:
    """All are there, in order, in the size of the video, and read."""
    given = _all(open_video(video))
    assert {(WIDTH, HEIGHT)} == {(frame.width, frame.height) for frame in given if isinstance(frame, Luma)}
    assert [[payload] for payload in PAYLOADS] == _read(given)


@pytest.mark.parametrize("suffix", sorted({*CONTAINERS, ".MP4"} - {".mp4", ".webm", ".mkv"}))
def test_containers(tmp_path: Path, suffix: str) -> None:
    """Of every suffix that is listed; webm has coders of its own."""
    assert [[PAYLOADS[0]]] == _read(_all(open_video(made_video(tmp_path / f"a{suffix}", PAYLOADS[:1]))))


@pytest.mark.parametrize(("suffix", "coder"), [(".webm", "libvpx"), (".mkv", "ffv1")])
def test_matroska(tmp_path: Path, suffix: str, coder: str) -> None:
    """Both names of that container."""
    video = made_video(tmp_path / f"a{suffix}", PAYLOADS[:1], "-c:v", coder)
    assert [[PAYLOADS[0]]] == _read(_all(open_video(video)))


def test_a_name_that_ffmpeg_would_read_otherwise(video: Path, tmp_path: Path) -> None:
    """Protocols and number patterns in a name mean nothing: ffmpeg never sees it."""
    for name in ("concat:a|b.mp4", "%03d.mp4", "-y.mp4", "http:x.mp4"):
        path = tmp_path / name
        shutil.copy(video, path)
        assert len(PAYLOADS) == len(_all(open_video(path)))


def test_a_playlist_opens_nothing(video: Path, tmp_path: Path) -> None:
    """A text that makes ffmpeg open other files is no video, whatever its suffix says."""
    for text in (f"ffconcat version 1.0\nfile '{video}'\n", f"#EXTM3U\n#EXTINF:1,\n{video}\n#EXT-X-ENDLIST\n"):
        for suffix in (".mp4", ".mkv", ".avi"):
            path = tmp_path / f"list{suffix}"
            path.write_text(text, encoding="utf-8")
            assert "video.unreadable" == _failure(path)


def test_random_bytes(tmp_path: Path) -> None:
    """Noise is no video."""
    program("ffmpeg")
    for suffix in (".mp4", ".mkv", ".avi"):
        path = tmp_path / f"noise{suffix}"
        path.write_bytes(random.Random(5).randbytes(10_000))
        assert "video.unreadable" == _failure(path)


def test_a_cut_video(video: Path, tmp_path: Path) -> None:
    """Cut anywhere it gives frames or an error, and ends."""
    whole = video.read_bytes()
    for part in (3, 2):
        path = tmp_path / f"cut{part}.mp4"
        path.write_bytes(whole[: len(whole) // part])
        assert _failure(path) in {"video.unreadable", "program.died", "program.short-frame"}


def test_a_video_with_sound_alone(tmp_path: Path) -> None:
    """There is nothing to see in it."""
    path = tmp_path / "sound.mkv"
    _ffmpeg("-f", "lavfi", "-i", "sine=d=1", "-c:a", "flac", path)
    assert "video.unreadable" == _failure(path)


def test_frames_that_change_their_size(tmp_path: Path) -> None:
    """All frames have the size of the first: nothing shears."""
    parts = []
    for number, size in enumerate(("64x48", "128x96")):
        parts.append(tmp_path / f"{number}.ts")
        lavfi = ("-f", "lavfi", "-i", f"color=white:s={size}:d=1:r=5")
        _ffmpeg(*lavfi, "-c:v", "mpeg2video", parts[-1])
    joined = tmp_path / "joined.ts"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    path = tmp_path / "joined.mkv"
    _ffmpeg("-i", joined, "-c", "copy", path)
    given = _all(open_video(path))
    assert {(64, 48)} == {(frame.width, frame.height) for frame in given if isinstance(frame, Luma)}


def test_a_video_larger_than_a_frame_may_be(tmp_path: Path) -> None:
    """PICTURE_PIXELS hold for a video's frames too, and are checked before ffmpeg decodes one."""
    path = tmp_path / "large.avi"
    lavfi = ("-f", "lavfi", "-i", "color=white:s=4112x4096:d=1:r=1")
    _ffmpeg(*lavfi, "-pix_fmt", "gray", "-c:v", "rawvideo", path)
    assert 4112 * 4096 > limits.PICTURE_PIXELS
    assert "program.frame-size" == _failure(path)


def test_what_is_no_file(video: Path, tmp_path: Path) -> None:
    """A link, a folder, a pipe, an empty and a huge file are refused, and a pipe hangs nothing."""
    (tmp_path / "link.mp4").symlink_to(video)
    (tmp_path / "folder.mp4").mkdir()
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "empty.mp4").touch()
    with (tmp_path / "huge.mp4").open("wb") as file:
        file.truncate(limits.VIDEO_BYTES + 1)
    refused = {name: _failure(tmp_path / f"{name}.mp4") for name in ("link", "folder", "pipe", "empty", "huge", "none")}
    assert {
        "link": "file.is-link",
        "folder": "file.is-folder",
        "pipe": "file.not-regular",
        "empty": "file.empty",
        "huge": "file.too-large",
        "none": "file.missing",
    } == refused


def test_without_ffmpeg(video: Path) -> None:
    """It is said what is missing."""
    with pytest.raises(Outside) as caught:
        open_video(video, which=lambda program: None)
    assert "video.no-ffmpeg" == caught.value.code.name


def test_locked_in(video: Path) -> None:
    """Ffmpeg has VIDEO_MEMORY_BYTES, writes no file, stops after VIDEO_FRAMES, and ends with the source."""
    source = open_video(video)
    try:
        assert source.take(_LONG) is not None
        command = Path(f"/proc/{source.pid}/cmdline").read_bytes().split(b"\0")
        found = limits_of(source.pid)
    finally:
        source.close()
    assert str(limits.VIDEO_FRAMES).encode() == command[command.index(b"-frames:v") + 1]
    assert (str(limits.VIDEO_MEMORY_BYTES), "0") == (found["Max address space"], found["Max file size"])
    assert gone(source.pid)


_GUARDED = """
from pathlib import Path
from coldtusk_offline import guard
report = guard.install()
from coldtusk_shared.transport.decoder import Decoder
from coldtusk_shared.transport.sources import frames
from coldtusk_shared.transport.sources_video import open_video
with Decoder() as decoder:
    found = [decoder.luma(f.width, f.height, f.plane) for f in frames(open_video(Path({path!r})), 20.0)]
print(report.holds, len([codes for codes in found if codes]))
"""


def test_behind_the_guard(video: Path) -> None:
    """Ffmpeg does its work behind the offline half's filter."""
    assert f"True {len(PAYLOADS)}" == run_python(_GUARDED.format(path=str(video))).strip()
