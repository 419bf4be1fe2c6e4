"""Hostile pictures through the true child: bounded, with its peak of memory printed, and without a lost session."""

import random
import struct
from collections.abc import Iterator

import numpy
import pytest
import zxingcpp
from PIL import Image

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.transport.decoder import Decoder
from tests.shared.transport.picture_maker import (
    PNG_MAGIC,
    animated,
    black_png,
    chunk,
    code,
    encoded,
    gif,
    luma,
    png_head,
    spliced_gif,
    zeros_deflated,
)
from tests.shared.transport.processes import peak_kib

_PEAK_KIB = limits.DECODER_MEMORY_BYTES >> 10


@pytest.fixture
def decoder(request: pytest.FixtureRequest) -> Iterator[Decoder]:
    """A decoder; behind the test its child still reads, and what it took is printed."""
    with Decoder() as decoder:
        yield decoder
        assert [b"x"] == decoder.luma(320, 240, luma(b"x"))
        assert decoder.pid is not None
        peak = peak_kib(decoder.pid)
        print(f"{request.node.name}: {peak} KiB at the peak, {decoder.lost} frames lost")
        assert peak < _PEAK_KIB


def _refused(decoder: Decoder, data: bytes) -> tuple[int, str]:
    """How many frames came, and the code that the picture was refused with, or "lost" or "end"."""
    frames, lost = 0, decoder.lost
    try:
        for _ in decoder.picture(data):
            frames += 1
    except BadInput as error:
        return frames, error.code.name
    return frames, "lost" if decoder.lost > lost else "end"


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (1 << 31, 1), (1 << 31, 1 << 31), (0xFFFF, 0xFFFF)])
def test_a_png_that_says_to_be_huge(decoder: Decoder, width: int, height: int) -> None:
    """Its header is enough."""
    data = png_head(width, height) + chunk(b"IDAT", zeros_deflated(1 << 20)) + chunk(b"IEND", b"")
    assert _refused(decoder, data) in {(0, "picture.too-many-pixels"), (0, "picture.damaged")}
    assert 0 == decoder.lost


def test_a_whole_png_of_30000_by_30000(decoder: Decoder) -> None:
    """900 million true pixels in less than a megabyte."""
    data = black_png(30_000, 30_000)
    assert len(data) < 1 << 20
    assert (0, "picture.too-many-pixels") == _refused(decoder, data)
    assert 0 == decoder.lost


def test_one_pixel_row_too_many(decoder: Decoder) -> None:
    """PICTURE_PIXELS are read, and no row more."""
    side = 4096
    assert limits.PICTURE_PIXELS == side * side
    assert (1, "end") == _refused(decoder, black_png(side, side))
    assert (0, "picture.too-many-pixels") == _refused(decoder, black_png(side, side + 1))


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "PNG"), ("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("P", "GIF")])
def test_the_largest_picture_in_color(decoder: Decoder, mode: str, kind: str) -> None:
    """DECODER_MEMORY_BYTES are enough for every kind of the largest picture."""
    sheet = Image.new("L", (4096, 4096), 255)
    sheet.paste(code(b"found"), (100, 100))
    data = encoded(sheet.convert(mode), kind, compress_level=1)
    assert [[b"found"]] == list(decoder.picture(data))


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("progressive", [False, True])
def test_the_largest_jpeg(decoder: Decoder, mode: str, *, progressive: bool) -> None:
    """Also of those whose coefficients are all held at once."""
    sheet = Image.new(mode, (4096, 4096), "white")
    sheet.paste(code(b"found", mode=mode), (100, 100))
    data = encoded(sheet, "JPEG", progressive=progressive)
    assert [[b"found"]] == list(decoder.picture(data))


def test_a_jpeg_bomb(decoder: Decoder) -> None:
    """65,500 by 65,500 pixels in its header are refused there."""
    data = bytearray(encoded(Image.new("L", (64, 64)), "JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 65_500, 65_500)
    assert (0, "picture.too-many-pixels") == _refused(decoder, bytes(data))


def test_text_that_unpacks(decoder: Decoder) -> None:
    """Compressed text and a color profile of a gigabyte each stay packed."""
    packed = zeros_deflated(1 << 28)
    head = png_head(8, 8)
    rest = chunk(b"IDAT", zeros_deflated(72)) + chunk(b"IEND", b"")
    for extra in (chunk(b"zTXt", b"a\0\0" + packed), chunk(b"iCCP", b"a\0\0" + packed)):
        assert _refused(decoder, head + extra * 3 + rest) in {(1, "end"), (0, "picture.damaged")}
    assert 0 == decoder.lost


def test_a_cut_gif(decoder: Decoder) -> None:
    """Cut anywhere it gives the frames before the cut, never another payload, and ends."""
    payloads = [bytes([number]) * 40 for number in range(3)]
    whole = animated(payloads, "GIF", scale=2)
    for length in (*range(len(whole) - 1, 0, -len(whole) // 40), 6, 13):
        frames: list[list[bytes]] = []
        try:
            frames.extend(decoder.picture(whole[:length]))
        except BadInput as error:
            assert "picture.damaged" == error.code.name
        assert [frame for frame in frames if frame] == [[payload] for payload in payloads][: len(frames)]
    assert 0 == decoder.lost


def test_an_endless_gif(decoder: Decoder) -> None:
    """After PICTURE_FRAMES it is told that it is no animation of ours."""
    endless = gif((1, 1), [(0, 0, 1, 1)] * (limits.PICTURE_FRAMES + 10))
    assert (limits.PICTURE_FRAMES, "picture.too-many-frames") == _refused(decoder, endless)
    longest = gif((1, 1), [(0, 0, 1, 1)] * limits.PICTURE_FRAMES)
    assert (limits.PICTURE_FRAMES, "end") == _refused(decoder, longest)


def test_an_apng_that_says_two_billion_frames(decoder: Decoder) -> None:
    """The count in its header allocates nothing, and the frames that are not there end it."""
    data = animated([b"1", b"2"], "PNG")
    at = data.index(b"acTL") - 4
    lie = chunk(b"acTL", struct.pack(">II", (1 << 31) - 1, 0))
    frames, end = _refused(decoder, data[:at] + lie + data[at + 20 :])
    assert (frames <= 2, True) == (True, end in {"picture.damaged", "end"})
    assert 0 == decoder.lost


@pytest.mark.parametrize(
    "frames",
    [
        [(0, 0, 8, 8), (0, 0, 64, 64), (0, 0, 1, 1), (30, 30, 60, 60)],
        [(0, 0, 8, 8), (0, 0, 0xFFFF, 0xFFFF)],
        [(0, 0, 8, 8), (0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF)],
        [(0, 0, 0, 0), (0, 0, 0, 8)],
        [(number, 0, 4096, 4096) for number in range(20)],
    ],
)
def test_a_gif_whose_frames_change_their_size(decoder: Decoder, frames: list[tuple[int, int, int, int]]) -> None:
    """A frame that grows the picture past the cap ends it; the others are frames without a code."""
    count, end = _refused(decoder, gif((8, 8), frames))
    assert count <= len(frames)
    assert end in {"end", "lost", "picture.damaged", "picture.too-many-pixels"}


def test_a_gif_with_an_empty_canvas(decoder: Decoder) -> None:
    """Nothing by nothing is damaged."""
    assert (0, "picture.damaged") == _refused(decoder, gif((0, 0), [(0, 0, 0, 0)]))


def test_a_png_without_pixels(decoder: Decoder) -> None:
    """The same for a PNG."""
    data = png_head(0, 0) + chunk(b"IDAT", zeros_deflated(0)) + chunk(b"IEND", b"")
    assert (0, "picture.damaged") == _refused(decoder, data)


def test_random_bytes(decoder: Decoder) -> None:
    """Noise, bare and behind the first bytes of every format."""
    source = random.Random(2)
    for start in (b"", PNG_MAGIC, b"\xff\xd8\xff", b"GIF87a", b"GIF89a"):
        for _ in range(10):
            frames, end = _refused(decoder, start + source.randbytes(source.randrange(1, 2000)))
            assert (frames <= 1, True) == (
                True,
                end in {"end", "lost", "picture.damaged", "picture.format", "picture.too-many-pixels"},
            )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_flipped_bits(decoder: Decoder, kind: str) -> None:
    """A damaged picture gives its payload or none: never another one."""
    whole = encoded(code(b"right", scale=2), kind)
    source = random.Random(3)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(source.randrange(1, 4)):
            data[source.randrange(len(data))] ^= 1 << source.randrange(8)
        try:
            found = [payload for frame in decoder.picture(bytes(data)) for payload in frame]
        except BadInput:
            continue
        assert set(found) <= {b"right"}


@pytest.mark.parametrize(
    "data", [b"BM" + bytes(60), b"II*\0" + bytes(60), b"%!PS-Adobe-3.0 EPSF-3.0\n", b"RIFF0000WEBP"]
)
def test_other_formats_are_not_tried(decoder: Decoder, data: bytes) -> None:
    """PNG, JPEG and GIF are read, and nothing else that Pillow knows."""
    assert (0, "picture.format") == _refused(decoder, data)


@pytest.mark.parametrize("size", [0, limits.PICTURE_BYTES + 1])
def test_a_file_of_no_possible_size(decoder: Decoder, size: int) -> None:
    """PICTURE_BYTES is the most; it never reaches the child."""
    assert (0, "picture.bytes") == _refused(decoder, bytes(size))


def test_a_file_of_the_largest_size(decoder: Decoder) -> None:
    """PICTURE_BYTES are taken, and leave memory for the picture."""
    data = encoded(code(b"found"), "PNG")
    assert [[b"found"]] == list(decoder.picture(data + bytes(limits.PICTURE_BYTES - len(data))))


def test_planes_of_noise(decoder: Decoder) -> None:
    """The largest plane, square and as thin as can be, without a code in it and without a lost child."""
    noise = memoryview(random.Random(4).randbytes(limits.PICTURE_PIXELS))
    long = limits.PICTURE_SIDE
    for width, height in ((4096, 4096), (long, 256), (256, long), (long, 1), (1, long)):
        assert [] == decoder.luma(width, height, noise[: width * height])
    assert 0 == decoder.lost


def test_a_side_that_is_too_long(decoder: Decoder) -> None:
    """PICTURE_SIDE is the most that the reader takes."""
    assert (1, "end") == _refused(decoder, black_png(limits.PICTURE_SIDE, 1))
    assert (0, "picture.too-many-pixels") == _refused(decoder, black_png(limits.PICTURE_SIDE + 1, 1))
    with pytest.raises(RuntimeError, match="plane"):
        decoder.luma(1, limits.PICTURE_SIDE + 1, bytes(limits.PICTURE_SIDE + 1))


def test_a_gif_of_whole_frames_that_change_their_size(decoder: Decoder) -> None:
    """Frames that are all well, smaller and larger than the canvas: each is read as it is shown."""
    pictures = [encoded(code(bytes([size]) * size, scale=2), "GIF") for size in (10, 40, 200, 20)]
    found = list(decoder.picture(spliced_gif(pictures)))
    assert [[bytes([size]) * size] for size in (10, 40, 200)] == found[:3]
    assert (4, 0) == (len(found), decoder.lost)


def test_a_payload_that_is_no_frame(decoder: Decoder) -> None:
    """A code of digits holds 7,089 bytes of text, more than CODE_BYTES: it is passed over."""
    code = zxingcpp.create_barcode("7" * 7089, zxingcpp.BarcodeFormat.QRCode)
    plane = numpy.asarray(code.to_image(scale=3))
    height, width = plane.shape
    assert limits.CODE_BYTES < len(code.bytes) == 7089
    assert ([], 0) == (decoder.luma(width, height, plane.tobytes()), decoder.lost)
