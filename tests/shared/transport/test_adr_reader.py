"""A reader that was written from the page of the frames alone understands ours: what it needs stands there."""

import random
from itertools import islice

import pytest
import zxingcpp

from coldtusk_shared.transport.fountain import SEQUENCES, Encoder
from coldtusk_shared.transport.halfblocks import Window
from coldtusk_shared.transport.pictures import pixels
from coldtusk_shared.transport.slides import Slides
from coldtusk_shared.transport.symbol import QUIET, capacity, matrix, version_for
from tests.shared.transport.adr_reader import AdrReader, weights

_MESSAGE = random.Random(11).randbytes(1_500)


def _first(reader: AdrReader, frames: list[bytes]) -> bytes | None:
    return next((found for frame in frames if (found := reader.take(frame)) is not None), None)


@pytest.mark.parametrize("length", [1, 20, 246, 247, 1_500])
@pytest.mark.parametrize("version", [10, 20])
def test_in_order(length: int, version: int) -> None:
    """As many frames as there are fragments are enough, and one is a static code."""
    encoder = Encoder(_MESSAGE[:length], capacity(version))
    frames = list(islice(encoder.frames(), encoder.fragments))
    assert _MESSAGE[:length] == _first(AdrReader(), frames)


def test_loss_and_other_frames_between() -> None:
    """Joined late, a third lost, in no order, with damaged frames and those of another message among them."""
    chosen = random.Random(24)
    ours, other = Encoder(_MESSAGE, capacity(10)), Encoder(_MESSAGE[::-1], capacity(10))
    frames = [frame for frame in islice(ours.frames(5), 30) if chosen.random() > 0.3]
    frames += [*islice(other.frames(), 3), *(frame[:-1] + bytes([frame[-1] ^ 1]) for frame in frames[:3])]
    chosen.shuffle(frames)
    assert _MESSAGE == _first(AdrReader(), frames)


def test_the_last_numbers() -> None:
    """Number 2^24 - 1 is a frame like any other, and a display goes on with number 0."""
    encoder = Encoder(_MESSAGE[:400], capacity(10))
    frames = list(encoder.frames(SEQUENCES - 8))
    assert 8 == len(frames)
    assert _MESSAGE[:400] == _first(AdrReader(), frames)


def test_weights_that_are_all_zero() -> None:
    """Of two fragments one frame in 65,536 has none: it is zeros, and a reader goes on."""
    encoder = Encoder(_MESSAGE[:300], capacity(10))
    assert 2 == encoder.fragments
    message_id = encoder.frame(0)[1:9]
    number = next(number for number in range(2, SEQUENCES) if not any(weights(message_id, number, 2)))
    assert not any(encoder.frame(number)[19:])
    frames = [encoder.frame(number), encoder.frame(1), encoder.frame(number), encoder.frame(0)]
    assert _MESSAGE[:300] == _first(AdrReader(), frames)


def test_a_code_is_one_segment_of_bytes() -> None:
    """Another library reads the very bytes, of model 2 (]Q1), without an ECI header (that would be ]Q2)."""
    frame = Encoder(bytes(range(256)) * 8, capacity(20)).frame(3)
    version = version_for(len(frame))
    side = matrix(frame, version).size + 2 * QUIET
    luma = pixels(matrix(frame, version), 4)
    (found,) = zxingcpp.read_barcodes(memoryview(luma).cast("B", (4 * side, 4 * side)))
    assert (frame, "]Q1", zxingcpp.ContentType.Binary) == (found.bytes, found.symbology_identifier, found.content_type)


def test_a_display_begins_again() -> None:
    """After number 2^24 - 1 it shows number 0."""
    window = Window(120, 70)
    slides = Slides.first(_MESSAGE, "request", window)
    shown = [slides.drawn(number, 11).split(f"\x1b[{window.rows};1H")[0] for number in (SEQUENCES, 0, 1)]
    assert shown[0] == shown[1] != shown[2]
