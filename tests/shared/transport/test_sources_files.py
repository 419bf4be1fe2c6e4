"""Picture files and watched folders as sources, with a clock of our own."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.transport.sources import Frame, Luma, Picture, frames
from coldtusk_shared.transport.sources_files import PictureFiles, WatchedFolder


@dataclass
class Clock:
    """Time that passes only when somebody sleeps; *events* happen as it does."""

    now: float = 0.0
    events: list[tuple[float, Path, bytes]] = field(default_factory=list)

    def __call__(self) -> float:
        """The time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass, and what happens meanwhile happen."""
        assert seconds > 0
        self.now += seconds
        while self.events and self.events[0][0] <= self.now:
            _, path, data = self.events.pop(0)
            with path.open("ab") as file:
                file.write(data)


def _watched(folder: Path, clock: Clock | None = None, *, watching: bool = True) -> WatchedFolder:
    clock = clock or Clock()
    return WatchedFolder(folder, watching=watching, clock=clock, sleep=clock.sleep)


def _pictures(given: list[Frame | None]) -> list[tuple[str, bytes]]:
    return [(frame.name, frame.data) for frame in given if isinstance(frame, Picture)]


def test_files_in_their_order(tmp_path: Path) -> None:
    """Each is given once, then the source has ended."""
    paths = [tmp_path / name for name in ("b.png", "a.png")]
    for path in paths:
        path.write_bytes(path.name.encode())
    source = PictureFiles(paths)
    assert (f"{paths[0]}, {paths[1]}", False, 0) == (source.title, source.ended, source.dropped)
    assert [("b.png", b"b.png"), ("a.png", b"a.png")] == _pictures(list(frames(source, 0)))
    assert (True, None) == (source.ended, source.take(0))


def test_a_bad_file_is_named_and_the_next_one_read(tmp_path: Path) -> None:
    """One that is missing does not keep the others away."""
    (tmp_path / "b.png").write_bytes(b"x")
    source = PictureFiles([tmp_path / "a.png", tmp_path / "b.png"])
    with pytest.raises(BadInput) as caught:
        source.take(0)
    assert "file.missing" == caught.value.code.name
    assert Picture("b.png", b"x") == source.take(0)


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    """PICTURE_BYTES is seen before it is read."""
    path = tmp_path / "a.png"
    with path.open("wb") as file:
        file.truncate(limits.PICTURE_BYTES + 1)
    with pytest.raises(BadInput) as caught:
        PictureFiles([path]).take(0)
    assert "file.too-large" == caught.value.code.name


def test_closing_forgets_the_rest(tmp_path: Path) -> None:
    """Nothing more comes."""
    source = PictureFiles([tmp_path / "a.png"])
    source.close()
    assert (True, None) == (source.ended, source.take(0))


def test_a_folder_in_the_order_of_its_names(tmp_path: Path) -> None:
    """What is there comes by name, of the known suffixes only."""
    for name in ("c.png", "a.GIF", "b.jpeg", "notes.txt", "d", ".hidden"):
        (tmp_path / name).write_bytes(name.encode())
    source = _watched(tmp_path, watching=False)
    assert [("a.GIF", b"a.GIF"), ("b.jpeg", b"b.jpeg"), ("c.png", b"c.png")] == _pictures(list(frames(source, 1)))
    assert (str(tmp_path), True, 0) == (source.title, source.ended, source.dropped)


def test_an_empty_folder_that_is_not_watched(tmp_path: Path) -> None:
    """It ends after two looks."""
    assert [] == list(frames(_watched(tmp_path, watching=False), 10))


def test_a_tick_without_a_picture(tmp_path: Path) -> None:
    """A watched folder never ends, and gives the word back after as long as it was told."""
    clock = Clock()
    source = _watched(tmp_path, clock)
    assert (None, False) == (source.take(0.5), source.ended)
    assert 0.5 == pytest.approx(clock.now)
    assert next(frames(source, 0.5)) is None


def test_new_pictures(tmp_path: Path) -> None:
    """Those that appear are given as they do, each once."""
    clock = Clock(events=[(1.0, tmp_path / "b.png", b"1"), (2.0, tmp_path / "a.png", b"2")])
    source = _watched(tmp_path, clock)
    assert [("b.png", b"1"), ("a.png", b"2")] == _pictures([source.take(1.5) for _ in range(6)])


def test_a_half_written_picture_waits(tmp_path: Path) -> None:
    """A file that grows between two looks is not read before it stays as it is."""
    path = tmp_path / "a.png"
    clock = Clock(events=[(0.1 + 0.2 * step, path, b"x") for step in range(10)])
    source = _watched(tmp_path, clock)
    assert [("a.png", b"x" * 10)] == _pictures([source.take(1.0) for _ in range(5)])


def test_a_picture_that_is_written_on_later(tmp_path: Path) -> None:
    """It is given again, whole."""
    path = tmp_path / "a.png"
    clock = Clock(events=[(0.1, path, b"1"), (5.0, path, b"2")])
    source = _watched(tmp_path, clock)
    assert [("a.png", b"1"), ("a.png", b"12")] == _pictures([source.take(1.0) for _ in range(8)])


def test_a_picture_that_is_replaced(tmp_path: Path) -> None:
    """Another file of the same name and size counts as new."""
    (tmp_path / "a.png").write_bytes(b"1")
    source = _watched(tmp_path)
    assert Picture("a.png", b"1") == source.take(1)
    (tmp_path / "new").write_bytes(b"2")
    (tmp_path / "new").rename(tmp_path / "a.png")
    assert Picture("a.png", b"2") == source.take(1)
    assert source.take(1) is None


def test_what_is_no_regular_file(tmp_path: Path) -> None:
    """Links, also dangling ones, folders and pipes are passed over, and a pipe hangs nothing."""
    outside = tmp_path / "outside"
    outside.write_bytes(b"secret")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.png").symlink_to(outside)
    (folder / "dangling.png").symlink_to(tmp_path / "nowhere")
    (folder / "folder.png").mkdir()
    os.mkfifo(folder / "pipe.png")
    assert [] == _pictures(list(frames(_watched(folder, watching=False), 1)))


def test_what_cannot_be_read(tmp_path: Path) -> None:
    """Empty and too large files are counted and passed over, once."""
    (tmp_path / "a.png").touch()
    with (tmp_path / "b.png").open("wb") as file:
        file.truncate(limits.PICTURE_BYTES + 1)
    (tmp_path / "c.png").write_bytes(b"c")
    source = _watched(tmp_path)
    assert [("c.png", b"c")] == _pictures([source.take(1) for _ in range(4)])
    assert 2 == source.dropped


def test_a_picture_that_went(tmp_path: Path) -> None:
    """One that is removed between the look and the reading is passed over."""
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"x")
    source = _watched(tmp_path)
    assert Picture("a.png", b"x") == source.take(1)
    (tmp_path / "b.png").unlink()
    assert (None, 1) == (source.take(1), source.dropped)


def test_a_folder_that_went(tmp_path: Path) -> None:
    """A stick that is pulled is said."""
    folder = tmp_path / "stick"
    folder.mkdir()
    source = _watched(folder)
    assert source.take(1) is None
    folder.rmdir()
    with pytest.raises(BadInput) as caught:
        source.take(1)
    assert "file.missing" == caught.value.code.name


def test_a_crowded_folder(tmp_path: Path) -> None:
    """FOLDER_ENTRIES names are looked at, of any kind, and not one more."""
    for number in range(limits.FOLDER_ENTRIES):
        (tmp_path / str(number)).touch()
    assert [] == list(frames(_watched(tmp_path, watching=False), 1))
    (tmp_path / "one more").touch()
    with pytest.raises(BadInput) as caught:
        _watched(tmp_path).take(1)
    assert "source.crowded-folder" == caught.value.code.name


def test_closing_ends_the_watch(tmp_path: Path) -> None:
    """Nothing more comes."""
    source = _watched(tmp_path)
    source.close()
    assert (True, None) == (source.ended, source.take(1))


@pytest.mark.parametrize(("width", "height", "size"), [(0, 0, 0), (8, 8, 63), (-8, -8, 64), (1, 1 << 25, 1 << 25)])
def test_a_plane_of_another_size(width: int, height: int, size: int) -> None:
    """No source gives a frame that is not what it says."""
    with pytest.raises(RuntimeError, match="pixels"):
        Luma(width, height, bytes(size))
