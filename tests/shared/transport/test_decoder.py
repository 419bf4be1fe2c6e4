"""The decoder and its child: what is read, and that no child costs more than a frame."""

import os
import random
import signal
from collections.abc import Iterator

import pytest
from PIL import Image, TiffImagePlugin

from coldtusk_shared import limits
from coldtusk_shared.transport.decoder import Decoder
from tests.shared.transport.picture_maker import animated, code, encoded, luma, page
from tests.shared.transport.processes import gone

_PAYLOAD = bytes(range(256)) * 3


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    """A decoder with the true child."""
    with Decoder() as decoder:
        yield decoder


def test_a_plane(decoder: Decoder) -> None:
    """Every byte value comes out as it went in."""
    assert [_PAYLOAD] == decoder.luma(640, 480, luma(_PAYLOAD, 640, 480))


def test_random_payloads(decoder: Decoder) -> None:
    """Bytes stay bytes, whatever text they may look like."""
    random_bytes = random.Random(1)
    for size in (1, 2, 17, 100, 271):
        payload = random_bytes.randbytes(size)
        assert [payload] == decoder.luma(400, 400, luma(payload, 400, 400))


def test_a_plane_without_a_code(decoder: Decoder) -> None:
    """Nothing is an answer too."""
    assert [] == decoder.luma(64, 48, bytes(64 * 48))


def test_several_codes_at_once(decoder: Decoder) -> None:
    """All codes of a frame come, in any order, and CODES_A_FRAME of them at most."""
    many = limits.CODES_A_FRAME + 4
    sheet = Image.new("L", (5 * 130, 4 * 130), 255)
    for number in range(many):
        sheet.paste(code(bytes([number])), (number % 5 * 130, number // 5 * 130))
    found = decoder.luma(*sheet.size, sheet.tobytes())
    assert limits.CODES_A_FRAME == len(set(found)) == len(found)
    assert set(found) <= {bytes([number]) for number in range(many)}


def test_a_turned_code(decoder: Decoder) -> None:
    """A camera may lie on its side."""
    sheet = page(_PAYLOAD, 640, 480).rotate(90, expand=True)
    assert [_PAYLOAD] == decoder.luma(*sheet.size, sheet.tobytes())


def test_an_inverted_code_is_not_read(decoder: Decoder) -> None:
    """Black on white always: the other way costs time and is nobody's way."""
    plane = bytes(255 - value for value in luma(b"x"))
    assert [] == decoder.luma(320, 240, plane)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png(decoder: Decoder, mode: str) -> None:
    """Of every kind of color."""
    image = code(_PAYLOAD)
    image = image.convert("I").point(lambda value: value * 257).convert(mode) if mode == "I;16" else image.convert(mode)
    assert [[_PAYLOAD]] == list(decoder.picture(encoded(image, "PNG")))


def test_a_transparent_png(decoder: Decoder) -> None:
    """What is transparent is white: black modules on nothing are read, with color and with a palette."""
    ink = code(_PAYLOAD).point(lambda value: 255 - value)
    clear = Image.new("RGBA", ink.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=ink)
    assert [[_PAYLOAD]] == list(decoder.picture(encoded(clear, "PNG")))
    assert [[_PAYLOAD]] == list(decoder.picture(encoded(clear.quantize(2), "PNG")))


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg(decoder: Decoder, mode: str, *, progressive: bool) -> None:
    """As cameras make them."""
    picture = encoded(code(_PAYLOAD, mode=mode), "JPEG", progressive=progressive)
    assert [[_PAYLOAD]] == list(decoder.picture(picture))


def test_a_phones_jpeg(decoder: Decoder) -> None:
    """EXIF data and a second picture behind the first one, as phones add them, change nothing."""
    exif = Image.Exif()
    exif[0x0112], exif[0x011A] = 6, TiffImagePlugin.IFDRational(72)
    second = code(b"second")
    for kind, options in (("JPEG", {}), ("MPO", {"save_all": True, "append_images": [second]})):
        picture = encoded(code(_PAYLOAD, mode="RGB"), kind, exif=exif, **options)
        assert [_PAYLOAD] == next(decoder.picture(picture))


@pytest.mark.parametrize("kind", ["GIF", "PNG"])
def test_an_animation(decoder: Decoder, kind: str) -> None:
    """Frame by frame, in order."""
    payloads = [bytes([number]) * 200 for number in range(5)]
    assert [[payload] for payload in payloads] == list(decoder.picture(animated(payloads, kind)))


def test_an_animation_is_given_up_when_another_comes(decoder: Decoder) -> None:
    """The frames of two pictures are never mixed: to go on with the older one is a fault of ours."""
    older = decoder.picture(animated([b"1", b"2"], "GIF"))
    assert [b"1"] == next(older)
    assert [[b"3"]] == list(decoder.picture(encoded(code(b"3"), "PNG")))
    with pytest.raises(RuntimeError, match="another job"):
        next(older)


def test_nothing_was_lost(decoder: Decoder) -> None:
    """None of this cost a child."""
    decoder.luma(8, 8, bytes(64))
    assert 0 == decoder.lost


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [(0, 0, 0), (0, 8, 0), (8, 0, 0), (-8, -8, 64), (8, 8, 63), (8, 8, 65), (1 << 20, 1 << 20, 1)],
)
def test_a_plane_of_another_size_is_our_fault(decoder: Decoder, width: int, height: int, size: int) -> None:
    """It never reaches the child."""
    with pytest.raises(RuntimeError, match="plane"):
        decoder.luma(width, height, bytes(size))


def test_a_plane_of_more_than_picture_pixels(decoder: Decoder) -> None:
    """PICTURE_PIXELS is the most."""
    with pytest.raises(RuntimeError, match="plane"):
        decoder.luma(4096, 4097, bytes(limits.PICTURE_PIXELS + 4096))


def test_killed_between_frames() -> None:
    """A child that was killed costs the next frame, and is replaced."""
    with Decoder() as decoder:
        first = decoder.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        plane = luma(b"x")
        answers = [decoder.luma(320, 240, plane) for _ in range(2)]
        assert ([[], [b"x"]], 1) == (answers, decoder.lost)
        assert decoder.pid != first


def test_killed_within_an_animation() -> None:
    """The rest of that picture is lost, and nothing else."""
    with Decoder() as decoder:
        frames = decoder.picture(animated([b"1", b"2", b"3"], "GIF"))
        assert [b"1"] == next(frames)
        assert decoder.pid is not None
        os.kill(decoder.pid, signal.SIGKILL)
        assert [] == list(frames)
        assert 1 == decoder.lost
        assert [b"x"] == decoder.luma(320, 240, luma(b"x"))


def test_closing_leaves_no_process() -> None:
    """Also twice; and a frame after it starts a new child."""
    with Decoder() as decoder:
        pid = decoder.pid
        assert pid is not None
        decoder.close()
        decoder.close()
        assert gone(pid)
        assert [b"x"] == decoder.luma(320, 240, luma(b"x"))
        second = decoder.pid
    assert second is not None
    assert gone(second)
