"""Frames: exact bytes, and bytes that are none."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import limits
from coldtusk_shared.transport import frame
from coldtusk_shared.transport.frame import Flaw, Frame, FrameSet, MessageId

_ID = MessageId(bytes(range(8)))
_FRAME = Frame(FrameSet(_ID, 20, 18), 7, bytes(range(18)))
_BYTES = frame.build(_FRAME)


def _checked(head: bytes, fragment: bytes) -> bytes:
    """A frame with any head and the right checksum."""
    return head + zlib.crc32(head + fragment).to_bytes(4) + fragment


def _head(length: int, sequence: int = 0, first: int = 0xC1) -> bytes:
    return bytes([first]) + _ID + length.to_bytes(3) + sequence.to_bytes(3)


def test_the_bytes() -> None:
    """Each field at its place, big-endian."""
    expected = "c1" + "0001020304050607" + "000014" + "000007" + "ca91a8e7" + bytes(range(18)).hex()
    assert expected == _BYTES.hex()


def test_the_count_of_fragments() -> None:
    """Message and digest in fragments of that size, the last one filled up."""
    assert [1, 2, 2, 3] == [frame.fragments(length, 33) for length in (1, 2, 34, 35)]


@given(st.integers(1, limits.MESSAGE_BYTES), st.binary(min_size=1, max_size=300), st.integers(0, 2**24 - 1))
def test_building_and_parsing(length: int, fragment: bytes, sequence: int) -> None:
    """What was built comes back, unless it is more than a message may have."""
    one = Frame(FrameSet(_ID, length, len(fragment)), sequence, fragment)
    fits = one.of.fragments <= limits.FRAGMENTS and (one.of.fragments > 1 or sequence == 0)
    assert (one if fits else Flaw.FOREIGN) == frame.parse(frame.build(one))


@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    """Never an error; what is taken is built again to the same bytes."""
    parsed = frame.parse(data)
    assert isinstance(parsed, Flaw) or data == frame.build(parsed)


@given(st.binary(max_size=60))
def test_any_bytes_behind_the_first(data: bytes) -> None:
    """The same with the first byte right."""
    parsed = frame.parse(b"\xc1" + data)
    assert isinstance(parsed, Flaw) or b"\xc1" + data == frame.build(parsed)


def test_each_bit() -> None:
    """A flipped bit is seen wherever it stands; in the first byte it makes a foreign code."""
    flips = [_BYTES[:at] + bytes([_BYTES[at] ^ 1 << bit]) + _BYTES[at + 1 :] for at in range(37) for bit in range(8)]
    verdicts = [frame.parse(flipped) for flipped in flips]
    assert {Flaw.FOREIGN} == set(verdicts[:8])
    assert {Flaw.FOREIGN, Flaw.DAMAGED} == set(verdicts[8:])
    assert {Flaw.DAMAGED} == set(verdicts[8 * 12 :])


def test_each_length() -> None:
    """Cut anywhere, or longer: damaged, or too short to be a frame."""
    cut = [frame.parse(_BYTES[:at]) for at in range(len(_BYTES))]
    assert [Flaw.FOREIGN] * 20 == cut[:20]
    assert {Flaw.DAMAGED} == set(cut[20:]) | {frame.parse(_BYTES + b"\0")}


@pytest.mark.parametrize(
    ("head", "size"),
    [
        pytest.param(_head(0), 40, id="a message of no bytes"),
        pytest.param(_head(limits.MESSAGE_BYTES + 1), 2000, id="a message of one byte too many"),
        pytest.param(_head(2**24 - 1), 2934, id="the longest that the header can say"),
        pytest.param(_head(limits.FRAGMENTS - 31), 1, id="one fragment too many"),
        pytest.param(_head(limits.MESSAGE_BYTES), 1, id="a million fragments"),
        pytest.param(_head(20, 1), 52, id="a second frame of a message that fits one"),
        pytest.param(_head(20, first=0xC2), 18, id="another version"),
        pytest.param(_head(20), 0, id="no fragment"),
        pytest.param(_head(20), limits.CODE_BYTES - 18, id="more than a code holds"),
    ],
)
def test_past_a_cap(head: bytes, size: int) -> None:
    """With a right checksum, and refused before anything is made of it."""
    assert Flaw.FOREIGN is frame.parse(_checked(head, bytes(size)))


@pytest.mark.parametrize(
    ("head", "size"),
    [
        pytest.param(_head(1), 33, id="the least message"),
        pytest.param(_head(limits.MESSAGE_BYTES), 513, id="the longest message"),
        pytest.param(_head(limits.FRAGMENTS - 32), 1, id="the most fragments, the least fragment"),
        pytest.param(_head(20, 2**24 - 1), 18, id="the last number"),
        pytest.param(_head(20), limits.CODE_BYTES - 19, id="a full code"),
    ],
)
def test_at_a_cap(head: bytes, size: int) -> None:
    """The same, one less: taken."""
    assert isinstance(frame.parse(_checked(head, bytes(size))), Frame)
