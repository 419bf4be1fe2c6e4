"""The fountain: golden frames, an independent reference, and any k independent frames give the message."""

import random
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import limits
from coldtusk_shared.transport import fountain, symbol
from coldtusk_shared.transport.elimination import Elimination, Gained
from coldtusk_shared.transport.fountain import Encoder
from coldtusk_shared.transport.frame import Frame, parse
from tests.shared.transport import frame_vectors, slow_fountain

_VECTORS = frame_vectors.read()
_messages = st.binary(min_size=1, max_size=300)


@pytest.mark.parametrize("vector", _VECTORS, ids=[vector["name"] for vector in _VECTORS])
def test_golden_frames(vector: dict[str, Any]) -> None:
    """The same bytes on every machine and in every later version."""
    encoder = Encoder(bytes.fromhex(vector["message"]), vector["capacity"])
    made = {number: encoder.frame(int(number)).hex() for number in vector["frames"]}
    assert (vector["fragments"], vector["frames"]) == (encoder.fragments, made)


def test_the_file_is_the_reference() -> None:
    """The vectors are what plain polynomial arithmetic gives, made without a line of Coldtusk."""
    assert [one.member() for one in frame_vectors.golden()] == _VECTORS


@given(_messages, st.integers(20, 80), st.integers(0, 2**24 - 1))
def test_any_frame_is_that_of_the_reference(message: bytes, capacity: int, sequence: int) -> None:
    """Header, checksum, and the sum."""
    encoder = Encoder(message, capacity)
    number = 0 if encoder.fragments == 1 else sequence
    made = encoder.frame(number)
    assert slow_fountain.frame(message, len(made) - 19, number) == made


@given(_messages, st.integers(30, 80), st.randoms(use_true_random=False))
def test_the_reference_reads_our_frames(message: bytes, capacity: int, chance: random.Random) -> None:
    """Whatever frames came, textbook elimination finds the message in them, or too little."""
    encoder = Encoder(message, capacity)
    numbers = [0] if encoder.fragments == 1 else chance.sample(range(3 * encoder.fragments), encoder.fragments + 1)
    assert slow_fountain.solve([encoder.frame(number) for number in numbers]) in {message, None}


@given(st.integers(1, limits.MESSAGE_BYTES), st.integers(20, limits.CODE_BYTES))
def test_how_a_message_is_cut(length: int, capacity: int) -> None:
    """As few fragments as the symbol allows, of equal length, with less than a byte a fragment to fill up."""
    if capacity < fountain.smallest_capacity(length):
        return
    message = bytes(length)
    of = fountain.split(message, capacity)
    assert of.fragments == -(-(length + 32) // (capacity - 19)) <= limits.FRAGMENTS
    assert of.fragment_bytes <= capacity - 19
    assert 0 <= of.fragments * of.fragment_bytes - (length + 32) < of.fragments


@pytest.mark.parametrize("length", [1, 2015, 2016, 2017, 100_000, limits.MESSAGE_BYTES])
def test_the_smallest_capacity(length: int) -> None:
    """With it the message takes no more than the most fragments, and with one byte less it would."""
    smallest = fountain.smallest_capacity(length)
    assert fountain.split(bytes(length), smallest).fragments <= limits.FRAGMENTS
    with pytest.raises(RuntimeError):
        Encoder(bytes(length), smallest - 1)


def test_every_message_fits_a_code() -> None:
    """The longest message in the most fragments takes a symbol of version 16: no larger one is ever forced."""
    assert symbol.version_for(fountain.smallest_capacity(limits.MESSAGE_BYTES)) == 16


def test_a_static_code_is_as_small_as_it_can_be() -> None:
    """A message that fits one symbol does not fill it up."""
    encoder = Encoder(b"what crosses the gap", limits.CODE_BYTES)
    assert (1, 19 + 20 + 32) == (encoder.fragments, len(encoder.frame(0)))


def test_a_static_code_does_not_move() -> None:
    """It is shown for ever, and has no other number."""
    encoder = Encoder(b"what crosses the gap", 200)
    assert [encoder.frame(0)] * 5 == list(islice(encoder.frames(), 5))
    with pytest.raises(RuntimeError, match="no frame 1"):
        encoder.frame(1)


def test_numbers_never_come_again() -> None:
    """From any start they go on to the last one, and end there."""
    encoder = Encoder(bytes(100), 60)
    frames = [parse(data) for data in encoder.frames(fountain.SEQUENCES - 3)]
    last = [frame.sequence for frame in frames if isinstance(frame, Frame)]
    assert [fountain.SEQUENCES - 3, fountain.SEQUENCES - 2, fountain.SEQUENCES - 1] == last
    with pytest.raises(RuntimeError, match="no frame"):
        encoder.frame(fountain.SEQUENCES)


@pytest.mark.parametrize(
    ("message", "capacity"),
    [(b"", 100), (bytes(limits.MESSAGE_BYTES + 1), 1000), (b"x", 19), (b"x", limits.CODE_BYTES + 1)],
    ids=["nothing", "too long", "no place", "no such symbol"],
)
def test_misuse(message: bytes, capacity: int) -> None:
    """What nobody can show is a mistake of ours."""
    with pytest.raises(RuntimeError):
        Encoder(message, capacity)


@given(_messages, st.integers(30, 80), st.randoms(use_true_random=False))
def test_elimination_counts_as_the_reference(message: bytes, capacity: int, chance: random.Random) -> None:
    """Solved here exactly when textbook elimination solves it, fragments and combinations in any order."""
    encoder = Encoder(message, capacity)
    count = encoder.fragments
    numbers = [0] if count == 1 else chance.sample(range(2 * count), count)
    frames = [encoder.frame(number) for number in numbers]
    equations = Elimination(count, len(frames[0]) - 19)
    for data in frames:
        _equation(equations, data)
    expected = slow_fountain.solve(frames)
    assert expected == (equations.solution()[: len(message)] if equations.rank == count else None)


def _equation(equations: Elimination, data: bytes) -> Gained:
    one = parse(data)
    assert isinstance(one, Frame)
    if one.sequence < one.of.fragments:
        return equations.add_fragment(one.sequence, one.fragment)
    return equations.add_combination(fountain.coefficients(one.of, one.sequence), one.fragment)


def test_elimination_tells_a_repetition_from_a_contradiction() -> None:
    """Twice the same equation, and the same sum with another total."""
    equations = Elimination(2, 3)
    assert Gained.RANK is equations.add_combination(b"\1\2", b"abc")
    assert Gained.NOTHING is equations.add_combination(b"\1\2", b"abc")
    assert Gained.CONTRADICTION is equations.add_combination(b"\1\2", b"abd")
    assert Gained.NOTHING is equations.add_combination(b"\0\0", b"\0\0\0")
    assert 1 == equations.rank


def test_elimination_has_no_early_solution() -> None:
    """Asking for it is a mistake of ours."""
    with pytest.raises(RuntimeError, match="rank 0 of 2"):
        Elimination(2, 3).solution()


def test_the_surplus() -> None:
    """5 kB, half of the frames lost: 1,000 readers need 0.01 frames more than ideal on average, or less."""
    message, chance = random.Random(5).randbytes(5000), random.Random(6)
    encoder = Encoder(message, symbol.capacity(20))
    surplus = sum(_frames_needed(encoder, chance) - encoder.fragments for _ in range(1000))
    assert surplus <= 10


def _frames_needed(encoder: Encoder, chance: random.Random) -> int:
    equations, received = Elimination(encoder.fragments, len(encoder.frame(0)) - 19), 0
    for data in encoder.frames():
        if equations.rank == encoder.fragments:
            break
        if chance.random() < 0.5:
            received += 1
            _equation(equations, data)
    return received
