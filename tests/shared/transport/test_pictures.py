"""Picture files of symbols: read back from every kind, the same pixels everywhere, capped, and never overwritten."""

import hashlib
import json
import subprocess
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import repeat
from pathlib import Path

import pytest
from PIL import Image, ImageSequence

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, ColdtuskError, Outside, Refused
from coldtusk_shared.file_system import OsFileSystem
from coldtusk_shared.transport import animation, pictures
from coldtusk_shared.transport.fountain import Encoder
from coldtusk_shared.transport.pictures import Area
from coldtusk_shared.transport.symbol import Matrix, capacity, matrix
from tests.shared.transport.readback import PATTERNS, VERSIONS, golden_frames, golden_message, payload, read, symbols
from tests.simulators.programs import program

_GOLDEN = Path(__file__).parents[2] / "golden" / "qr"
_SCALE = 5
_X = matrix(b"x", 1)
_ANIMATED = pytest.mark.parametrize("make", [pictures.gif, pictures.apng], ids=["GIF", "APNG"])

Maker = Callable[[Sequence[Matrix], int, int], bytes]


def _frames(file: bytes) -> list[Image.Image]:
    """Each frame as a viewer composes it, in grey."""
    with Image.open(BytesIO(file)) as picture:
        return [frame.convert("L") for frame in ImageSequence.Iterator(picture)]


def _read_back(file: bytes) -> list[list[bytes]]:
    return [read(frame.tobytes(), frame.width) for frame in _frames(file)]


def _code(act: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(ColdtuskError) as caught:
        act(*arguments)
    return caught.value.code.name


def _noise(side: int, kind: str) -> bytes:
    """A picture that does not compress."""
    file = BytesIO()
    Image.frombytes("L", (side, side), hashlib.shake_256(b"noise").digest(side * side)).save(file, kind)
    return file.getvalue()


class TestPixels:
    """The same on every machine."""

    @pytest.mark.parametrize("version", VERSIONS[1:])
    def test_frames_are_those_of_the_encoder(self, version: int) -> None:
        """The frames whose pixels are golden are built by hand; the encoder makes the same."""
        encoder = Encoder(golden_message(version), capacity(version))
        assert golden_frames(version) == [encoder.frame(number) for number in range(encoder.fragments)]

    @pytest.mark.parametrize("version", VERSIONS[1:])
    def test_are_golden(self, version: int) -> None:
        """The frames of a fixed message, by the SHA-256 of their raw pixels at 5 pixels a module."""
        golden = json.loads((_GOLDEN / "pixels.json").read_text(encoding="utf-8"))
        made = [pictures.pixels(matrix(frame, version), _SCALE) for frame in golden_frames(version)]
        assert golden[f"version {version}"] == [hashlib.sha256(plane).hexdigest() for plane in made]

    def test_are_those_of_the_golden_picture(self) -> None:
        """The same frame as a file that anyone can look at."""
        first = golden_frames(5)[0]
        kept = (_GOLDEN / "version-5-frame-0.png").read_bytes()
        assert [[first]] == _read_back(kept)
        assert pictures.pixels(matrix(first, 5), _SCALE) == _frames(kept)[0].tobytes()

    def test_a_module_is_a_square(self) -> None:
        """Three pixels wide and three high; black is 0 and white is 255."""
        plane = pictures.pixels(_X, 3)
        rows = [plane[at : at + 87] for at in range(0, len(plane), 87)]
        assert 87 == len(rows)
        for y, row in enumerate(_X.framed()):
            assert [bytes(0 if dark else 255 for dark in row for _ in range(3))] * 3 == rows[3 * y : 3 * y + 3]


class TestKinds:
    """PNG, GIF and animated PNG."""

    @pytest.mark.parametrize("version", VERSIONS)
    @pytest.mark.parametrize("pattern", PATTERNS)
    def test_png_is_read_back(self, pattern: str, version: int) -> None:
        """One symbol, one picture of 1 bit a pixel, the very pixels."""
        data = payload(pattern, version)
        made = matrix(data, version)
        file = pictures.png(made, _SCALE)
        assert [[data]] == _read_back(file)
        assert pictures.pixels(made, _SCALE) == _frames(file)[0].tobytes()
        assert "1" == Image.open(BytesIO(file)).mode

    @_ANIMATED
    @pytest.mark.parametrize("version", VERSIONS)
    def test_every_frame_is_read_back(self, version: int, make: Maker) -> None:
        """One frame a symbol, in order, the very pixels."""
        made = symbols(version)
        file = make(made, _SCALE, 10)
        assert [[payload(pattern, version)] for pattern in PATTERNS] == _read_back(file)
        assert [pictures.pixels(one, _SCALE) for one in made] == [frame.tobytes() for frame in _frames(file)]

    @_ANIMATED
    def test_ffmpeg_shows_the_same(self, tmp_path: Path, make: Maker) -> None:
        """Another reader than Pillow: it takes no animated PNG of 1 bit, and our animations are put together here."""
        made = symbols(10)
        (tmp_path / "a").write_bytes(make(made, _SCALE, 10))
        command = [program("ffmpeg"), "-v", "error", "-i", str(tmp_path / "a"), "-fps_mode", "passthrough"]
        done = subprocess.run([*command, "-pix_fmt", "gray", "-f", "rawvideo", "-"], capture_output=True, check=False)
        shown = b"".join(pictures.pixels(one, _SCALE) for one in made)
        assert (b"", len(shown)) == (done.stderr, len(done.stdout))
        assert shown == done.stdout

    @_ANIMATED
    def test_equal_neighbours_stay_two_frames(self, make: Maker) -> None:
        """The rate holds whatever is shown."""
        assert [[b"x"]] * 3 == _read_back(make([_X] * 3, _SCALE, 10))

    @_ANIMATED
    def test_one_frame_is_enough(self, make: Maker) -> None:
        """An animation of one frame is still a picture."""
        assert [[b"x"]] == _read_back(make([_X], _SCALE, 10))

    @_ANIMATED
    @pytest.mark.parametrize(("fps", "milliseconds"), [(1, 1000), (10, 100), (20, 50)])
    def test_repeats_for_ever_at_the_rate(self, make: Maker, fps: int, milliseconds: int) -> None:
        """What the file says of its time."""
        with Image.open(BytesIO(make([_X, _X], _SCALE, fps))) as picture:
            picture.seek(1)
            assert (0, milliseconds) == (picture.info["loop"], picture.info["duration"])

    def test_gif_is_never_faster_than_asked(self) -> None:
        """It counts in hundredths of a second: 30 a second become 25."""
        with Image.open(BytesIO(pictures.gif([_X, _X], _SCALE, 30))) as picture:
            assert 40 == picture.info["duration"]

    @_ANIMATED
    def test_frames_of_several_sizes_are_our_mistake(self, make: Maker) -> None:
        """One animation is one version and one scale; and it is not empty."""
        for made in ([_X, matrix(b"x", 2)], []):
            with pytest.raises(RuntimeError, match="several sizes, or none"):
                make(made, _SCALE, 10)

    def test_a_gif_of_another_build_is_seen(self) -> None:
        """Should Pillow write its GIFs otherwise one day, no broken file leaves."""
        with pytest.raises(RuntimeError, match="another build"):
            animation.gif([pictures.gif([_X], _SCALE, 10)], 10)


class TestScale:
    """Pixels a module."""

    @pytest.mark.parametrize(
        ("version", "area", "expected"),
        [(20, Area(1920, 1080), 10), (20, Area(1280, 720), 6), (20, Area(525, 2000), 5), (40, Area(3840, 2160), 11)],
    )
    def test_fills_the_area(self, version: int, area: Area, expected: int) -> None:
        """The most whole pixels that the shorter side gives."""
        assert expected == pictures.scale_for(version, area)

    @pytest.mark.parametrize("area", [Area(524, 2000), Area(0, 0), Area(-1, 1)])
    def test_an_area_that_is_too_small(self, area: Area) -> None:
        """Fewer than 5 pixels a module: the size needed is said."""
        with pytest.raises(BadInput) as caught:
            pictures.scale_for(20, area)
        assert "qr.picture-too-small" == caught.value.code.name
        assert "525x525 pixels" in caught.value.what

    def test_room_is_what_scale_takes(self) -> None:
        """A symbol as large as the room has 5 pixels a module."""
        assert (144, 105) == (pictures.room(Area(1280, 720)), pictures.room(Area(525, 525)))

    def test_an_area_above_the_cap(self) -> None:
        """PICTURE_PIXELS in all, and not one row more."""
        side = 4096
        assert limits.PICTURE_PIXELS == side * side
        assert 39 == pictures.scale_for(20, Area(side, side))
        assert "qr.picture-too-large" == _code(pictures.scale_for, 20, Area(side, side + 1))
        assert "qr.picture-too-large" == _code(pictures.room, Area(side, side + 1))

    @pytest.mark.parametrize("scale", [-5, 0, 142])
    def test_a_scale_of_nothing_or_too_much_is_our_mistake(self, scale: int) -> None:
        """Checked before memory is taken."""
        with pytest.raises(RuntimeError, match="pixels a module"):
            pictures.png(_X, scale)


class TestCaps:
    """Bounded before anything is drawn or kept."""

    @_ANIMATED
    def test_number_of_frames(self, make: Maker) -> None:
        """PICTURE_FRAMES and one."""
        assert "qr.animation-too-large" == _code(make, [_X] * (limits.PICTURE_FRAMES + 1), _SCALE, 10)

    def test_number_of_files(self, tmp_path: Path) -> None:
        """The same for a folder, which is not even made."""
        folder = tmp_path / "frames"
        made = [_X] * (limits.PICTURE_FRAMES + 1)
        assert "qr.animation-too-large" == _code(pictures.write_folder, folder, made, _SCALE)
        assert not folder.exists()

    @pytest.mark.parametrize(("put_together", "kind"), [(animation.gif, "GIF"), (animation.apng, "PNG")])
    @pytest.mark.parametrize("side", [8, 1200])
    def test_frames_that_never_end(self, put_together: Callable[..., bytes], kind: str, side: int) -> None:
        """They are left at PICTURE_FRAMES when small, and at PICTURE_BYTES when large."""
        noise = _noise(side, kind)
        with pytest.raises(BadInput) as caught:
            put_together(repeat(noise), 10)
        left_at = min(limits.PICTURE_FRAMES, limits.PICTURE_BYTES // len(noise)) + 1
        assert "qr.animation-too-large" == caught.value.code.name
        assert f"frame {left_at}, byte {left_at * len(noise)}" in caught.value.what

    @_ANIMATED
    @pytest.mark.parametrize("fps", [-1, 0, limits.FRAMES_A_SECOND[1] + 1])
    def test_rate(self, make: Maker, fps: int) -> None:
        """1 to 30 frames a second."""
        assert "qr.bad-rate" == _code(make, [_X], _SCALE, fps)
        assert [1, 30] == [pictures.check_rate(rate) for rate in limits.FRAMES_A_SECOND]


class TestWrite:
    """Files and folders."""

    @pytest.mark.parametrize(("name", "count"), [("a.png", 1), ("a.PNG", 3), ("a.apng", 3), ("a.gif", 3), ("b.gif", 1)])
    def test_the_name_says_the_kind(self, tmp_path: Path, name: str, count: int) -> None:
        """What is written is read back."""
        pictures.write(tmp_path / name, [_X] * count, _SCALE, 10)
        file = (tmp_path / name).read_bytes()
        assert [[b"x"]] * count == _read_back(file)
        assert ("GIF" if name.endswith("gif") else "PNG") == Image.open(BytesIO(file)).format

    @pytest.mark.parametrize("name", ["a.jpg", "a", "gif"])
    def test_another_kind_is_refused(self, tmp_path: Path, name: str) -> None:
        """JPEG blurs the modules; nothing is written."""
        assert "qr.unknown-picture" == _code(pictures.write, tmp_path / name, [_X], _SCALE, 10)
        assert [] == list(tmp_path.iterdir())

    def test_nothing_is_overwritten(self, tmp_path: Path) -> None:
        """Neither a file nor a folder."""
        (tmp_path / "a.png").write_bytes(b"old")
        with pytest.raises(Refused, match="something stands there"):
            pictures.write(tmp_path / "a.png", [_X], _SCALE, 10)
        with pytest.raises(Refused, match="something stands there"):
            pictures.write_folder(tmp_path, [_X], _SCALE)
        assert b"old" == (tmp_path / "a.png").read_bytes()

    def test_a_folder_of_frames(self, tmp_path: Path) -> None:
        """One PNG a frame, named in their order."""
        made = symbols(10)
        pictures.write_folder(tmp_path / "frames", made, _SCALE)
        found = sorted((tmp_path / "frames").iterdir())
        assert [f"frame-{number:04}.png" for number in range(1, len(made) + 1)] == [path.name for path in found]
        read_back = [_read_back(path.read_bytes()) for path in found]
        assert [[[payload(pattern, 10)]] for pattern in PATTERNS] == read_back

    def test_a_full_medium_keeps_whole_frames(self, tmp_path: Path) -> None:
        """When the medium fails in the middle, what is there is whole."""

        class Full(OsFileSystem):
            """Has no room after two frames."""

            __slots__ = ()

            def write(self, handle: int, data: bytes, offset: int) -> int:
                """Fail as a full medium does."""
                if len(list((tmp_path / "frames").glob("*.png"))) == 2:
                    raise OSError(28, "No space left on device")
                return super().write(handle, data, offset)

        with pytest.raises(Outside, match="no space is left"):
            pictures.write_folder(tmp_path / "frames", [_X] * 3, _SCALE, Full())
        left = sorted((tmp_path / "frames").iterdir())
        assert ["frame-0001.png", "frame-0002.png"] == [path.name for path in left]
        assert [[[b"x"]]] * 2 == [_read_back(path.read_bytes()) for path in left]
