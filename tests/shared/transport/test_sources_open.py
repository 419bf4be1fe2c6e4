"""What an operator types behind --scan."""

import os
import shlex
import sys
from pathlib import Path

import pytest

from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.transport.sources import Luma, Picture, Source, frames
from coldtusk_shared.transport.sources_files import PictureFiles, WatchedFolder
from coldtusk_shared.transport.sources_open import available, open_source
from tests.shared.transport.test_cameras import MadeMachine
from tests.shared.transport.video_maker import PAYLOADS, made_video

_LONG = 20.0
_PROGRAM = "import os; os.write(1, bytes(range(64)))"


def _all(source: Source) -> list[object]:
    try:
        return list(frames(source, _LONG))
    finally:
        source.close()


def _refused(text: str, machine: MadeMachine) -> ColdtuskError:
    with pytest.raises(ColdtuskError) as caught:
        open_source(text, machine=machine)
    assert caught.value.code.hint
    return caught.value


@pytest.mark.parametrize("name", ["a.png", "a.GIF", "a.apng", "a.jpeg"])
def test_a_picture(tmp_path: Path, name: str) -> None:
    """By its suffix."""
    (tmp_path / name).write_bytes(b"x")
    source = open_source(str(tmp_path / name))
    assert isinstance(source, PictureFiles)
    assert [Picture(name, b"x")] == _all(source)


def test_a_folder(tmp_path: Path) -> None:
    """It is watched, or read once."""
    (tmp_path / "a.png").write_bytes(b"x")
    watched = open_source(str(tmp_path))
    assert isinstance(watched, WatchedFolder)
    assert not watched.ended
    watched.close()
    assert [Picture("a.png", b"x")] == _all(open_source(str(tmp_path), watching=False))


def test_a_video(tmp_path: Path) -> None:
    """Its frames."""
    path = made_video(tmp_path / "a.mp4", PAYLOADS[:2])
    assert 2 == len(_all(open_source(str(path))))


def test_a_program() -> None:
    """Any command that writes frames of one byte a pixel; quotation marks group, and no shell is asked."""
    text = f"command:8x8:{sys.executable} -I -c {shlex.quote(_PROGRAM)}"
    assert [Luma(8, 8, bytes(range(64)))] == _all(open_source(text))


def _stand_in(folder: Path, name: str, source: str) -> str:
    path = folder / name
    path.write_text(f"#!{sys.executable} -I\n{source}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("text", ["camera", "camera:rpicam"])
def test_a_camera(tmp_path: Path, text: str) -> None:
    """The first one, or by name: here a stand-in for rpicam-vid."""
    frame = "os.write(1, bytes(1280 * 720 * 3 // 2))"
    program = _stand_in(tmp_path, "rpicam-vid", f"import os, time\nwhile True: {frame}")
    machine = MadeMachine({"rpicam-vid": program})
    source = open_source(text, machine=machine)
    try:
        assert Luma(1280, 720, bytes(1280 * 720)) == source.take(_LONG)
        assert "camera:rpicam" == source.title
    finally:
        source.close()
    assert ("camera:rpicam",) == available(machine)


REFUSED = {
    "camera": "camera.none",
    "camera:": "camera.unknown",
    "camera:rpicam": "camera.unknown",
    "camera:\x1b[31m": "camera.unknown",
    "command:": "source.bad-command",
    "command:8x8": "source.bad-command",
    "command:8x8:": "source.bad-command",
    "command:8x8: ": "source.bad-command",
    "command:0x8:true": "source.bad-command",
    "command:8:true": "source.bad-command",
    "command:-8x8:true": "source.bad-command",
    "command:8x8:'true": "source.bad-command",
    "command:99999x99999:true": "program.frame-size",
    "command:8x8:/nowhere/camera": "program.cannot-start",
    "": "source.unknown",
    "webcam": "source.unknown",
    "nowhere.png": "source.unknown",
    "nowhere/": "source.unknown",
    "a\0b": "file.bad-name",
    "x" * 300: "file.bad-name",
}


@pytest.mark.parametrize(("text", "code"), REFUSED.items(), ids=[ascii(text)[:40] for text in REFUSED])
def test_what_is_none(text: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is refused with what would be right."""
    monkeypatch.chdir(tmp_path)
    refused = _refused(text, MadeMachine({"true": "/bin/true"}))
    assert code == refused.code.name
    assert str(refused).isprintable()


def test_the_cameras_are_listed() -> None:
    """Behind a name that is nothing stand the ones that are there."""
    machine = MadeMachine({"ffmpeg": "/bin/ffmpeg"}, ["/dev/video0"])
    assert "camera:ffmpeg-video0" in str(_refused("webcam", machine))
    assert "ffmpeg-video0" in str(_refused("camera:webcam", machine))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("notes.txt", "source.unknown"),
        ("link.png", "file.is-link"),
        ("pipe", "file.not-regular"),
        ("link.mp4", "file.is-link"),
    ],
)
def test_what_stands_there_is_no_source(tmp_path: Path, name: str, code: str) -> None:
    """Other suffixes, links and pipes; nothing hangs."""
    (tmp_path / "notes.txt").write_bytes(b"x")
    os.mkfifo(tmp_path / "pipe")
    for link in ("link.png", "link.mp4"):
        (tmp_path / link).symlink_to(tmp_path / "notes.txt")
    with pytest.raises(ColdtuskError) as caught:
        _all(open_source(str(tmp_path / name)))
    assert code == caught.value.code.name
