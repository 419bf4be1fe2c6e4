"""The receiver: the message or nothing, whatever comes, in whatever order."""

import random
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import limits
from coldtusk_shared.transport.fountain import Encoder
from coldtusk_shared.transport.receiver import Progress, Receiver, Taken
from tests.shared.transport.disturbers import flooding, forged, poisoned

_MESSAGE = bytes(number * 7 % 251 for number in range(500))
_OTHER = bytes(number * 11 % 241 for number in range(700))
_THIRD = b"a third, short one"
_ENCODER = Encoder(_MESSAGE, 75)
_NEEDED = _ENCODER.fragments


def _frames(*numbers: int) -> list[bytes]:
    return [_ENCODER.frame(number) for number in numbers]


def _took(receiver: Receiver, *frames: bytes) -> list[Taken]:
    return [receiver.take(frame) for frame in frames]


def _begun(*numbers: int) -> Receiver:
    """A receiver that has the frames *numbers*."""
    receiver = Receiver()
    _took(receiver, *_frames(*numbers))
    return receiver


def test_the_fragments_are_enough() -> None:
    """Every frame of the first round is new, and the last one brings the message."""
    receiver = Receiver()
    assert [Taken.NEW] * (_NEEDED - 1) + [Taken.DONE] == _took(receiver, *_frames(*range(_NEEDED)))
    assert _MESSAGE == receiver.message


def test_progress() -> None:
    """None, then independent frames and how many are needed."""
    assert Receiver().progress is None
    assert Progress(3, _NEEDED) == _begun(1, 50, 2, 2).progress


def test_joined_late() -> None:
    """Combinations alone are as good as the fragments."""
    receiver = _begun(*range(1000, 1000 + _NEEDED))
    assert _MESSAGE == receiver.message


def test_a_static_code() -> None:
    """One frame, one message."""
    receiver = Receiver()
    assert Taken.DONE is receiver.take(Encoder(_THIRD, 100).frame(0))
    assert _THIRD == receiver.message


def test_done_is_the_end() -> None:
    """Nothing changes any more, whatever else is seen."""
    receiver = _begun(*range(_NEEDED))
    assert [Taken.DONE] * 3 == _took(receiver, Encoder(_OTHER, 75).frame(0), poisoned(_ENCODER.frame(0)), b"")
    assert (_MESSAGE, Progress(_NEEDED, _NEEDED)) == (receiver.message, receiver.progress)


def test_what_a_frame_did() -> None:
    """Each frame's verdict, and none of the odd ones costs progress."""
    receiver = _begun(0, 1, 2)
    good = _ENCODER.frame(3)
    cases = {
        Taken.REPEATED: _ENCODER.frame(1),
        Taken.CONTRADICTED: poisoned(_ENCODER.frame(1)),
        Taken.DAMAGED: good[:-1] + bytes([good[-1] ^ 0x80]),
        Taken.FOREIGN: b"https://coldtusk.example/",
        Taken.OTHER: Encoder(_OTHER, 75).frame(0),
        Taken.NEW: good,
    }
    assert list(cases) == _took(receiver, *cases.values())
    assert Progress(4, _NEEDED) == receiver.progress


def test_what_follows_from_others() -> None:
    """A combination of known fragments is useless, and with a false sum it contradicts them."""
    message, capacity = b"two frames".ljust(30), 52
    encoder = Encoder(message, capacity)
    same = next(number for number in range(2, 9999) if encoder.frame(number)[19:] and _only_first(encoder, number))
    receiver = Receiver()
    assert [Taken.NEW, Taken.USELESS] == _took(receiver, encoder.frame(0), encoder.frame(same))
    assert Taken.CONTRADICTED is receiver.take(poisoned(encoder.frame(same)))
    assert Taken.DONE is receiver.take(encoder.frame(1))


def _only_first(encoder: Encoder, number: int) -> bool:
    """Whether frame *number* is a multiple of fragment 0: then a reader that has fragment 0 learns nothing."""
    receiver = Receiver()
    return _took(receiver, encoder.frame(0), encoder.frame(number))[1] is Taken.USELESS


@given(st.permutations(range(2 * _NEEDED)), st.integers(0, 2 * _NEEDED))
def test_any_order_with_repetitions(order: list[int], again: int) -> None:
    """Reordered and doubled: the message, as soon as the frames are enough, or nothing yet."""
    receiver = Receiver()
    for number in order[:again] + order:
        receiver.take(_ENCODER.frame(number))
    assert _MESSAGE == receiver.message


@given(st.lists(st.integers(0, 200), max_size=60))
def test_any_loss(numbers: list[int]) -> None:
    """Whatever part arrives: the message or nothing, and the count of independent frames is at most that of frames."""
    receiver = _begun(*numbers)
    assert receiver.message in {None, _MESSAGE}
    assert receiver.progress is None or receiver.progress.rank <= len(set(numbers))


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 60)), max_size=150))
def test_messages_mixed(seen: list[tuple[int, int]]) -> None:
    """Three messages at once: one of them comes out whole, never a mixture."""
    encoders = [_ENCODER, Encoder(_OTHER, 75), Encoder(_OTHER, 90)]
    receiver = Receiver()
    for which, number in seen:
        receiver.take(encoders[which].frame(number))
    assert receiver.message in {None, _MESSAGE, _OTHER}


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 93), st.integers(0, 255)), max_size=100))
def test_flips_and_cuts(seen: list[tuple[int, int, int]]) -> None:
    """A byte changed, the frame cut there: never a wrong payload, and honest frames still bring the right one."""
    receiver = Receiver()
    for number, place, mask in seen:
        frame = _ENCODER.frame(number)
        at = place % len(frame)
        receiver.take(frame[:at] + bytes([frame[at] ^ mask]) + frame[at + 1 :])
        receiver.take(frame[:at])
    assert receiver.message in {None, _MESSAGE}
    _took(receiver, *_frames(*range(2 * _NEEDED)))
    assert _MESSAGE == receiver.message


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=120))
def test_poison(seen: list[tuple[int, bool]]) -> None:
    """Frames with right checksums and false data among the honest ones: never a wrong payload."""
    receiver = Receiver()
    for number, false in seen:
        frame = _ENCODER.frame(number)
        receiver.take(poisoned(frame) if false else frame)
    assert receiver.message in {None, _MESSAGE}
    _took(receiver, *_frames(*range(100, 100 + 4 * _NEEDED)))
    assert _MESSAGE == receiver.message


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_any_bytes(seen: list[bytes]) -> None:
    """Never an error."""
    receiver = Receiver()
    _took(receiver, *seen, *(b"\xc1" + data for data in seen))
    assert receiver.message is None


@pytest.mark.parametrize("byte", [0x00, 0xC1, 0xFF])
def test_one_byte_all_over(byte: int) -> None:
    """Zeros and the like, in every length that a code can have, are no message."""
    receiver = Receiver()
    verdicts = {receiver.take(bytes([byte]) * length) for length in range(limits.CODE_BYTES + 2)}
    assert verdicts <= {Taken.FOREIGN, Taken.DAMAGED}


def test_a_bogus_first_frame() -> None:
    """It has a right checksum and asks for the most: the session goes on, and its own frames are followed."""
    receiver = Receiver()
    assert Taken.NEW is receiver.take(forged(bytes(8), limits.MESSAGE_BYTES, 5, bytes(513)))
    verdicts = _took(receiver, *_frames(*range(_NEEDED)))
    assert [Taken.NEW] * (_NEEDED - 1) + [Taken.DONE] == verdicts


def test_the_message_with_most_frames_is_followed() -> None:
    """Progress is that of the leader; another that overtakes it is the leader from then on."""
    receiver, other = _begun(0, 1, 2), Encoder(_OTHER, 60)
    verdicts = _took(receiver, *(other.frame(number) for number in range(4)))
    assert [Taken.OTHER, Taken.OTHER, Taken.NEW, Taken.NEW] == verdicts
    assert Progress(4, other.fragments) == receiver.progress


def test_a_poisoned_message_starts_anew() -> None:
    """Its hash is wrong, it is not given out, and honest frames bring the right one."""
    receiver = Receiver()
    receiver.take(poisoned(_ENCODER.frame(0)))
    assert Taken.POISONED is _took(receiver, *_frames(*range(1, _NEEDED)))[-1]
    assert (None, Progress(0, _NEEDED)) == (receiver.message, receiver.progress)
    _took(receiver, *_frames(*range(100, 100 + _NEEDED)))
    assert _MESSAGE == receiver.message


def test_a_still_poisoned_code_costs_one_attempt() -> None:
    """It is seen beside every honest frame; in the second attempt it is set aside."""
    receiver, poison = Receiver(), poisoned(_ENCODER.frame(0))
    verdicts = []
    for frame in _frames(*range(1, 2 * _NEEDED)):
        verdicts += _took(receiver, poison, frame)
    assert (1, Taken.DONE) == (verdicts.count(Taken.POISONED), verdicts[-1])
    assert _MESSAGE == receiver.message


def test_a_repeating_animation_survives_one_poisoned_frame() -> None:
    """There are no other frames than those of the failed attempt: after half a round they are taken again."""
    receiver, round_ = Receiver(), _frames(*range(_NEEDED))
    assert Taken.POISONED is _took(receiver, poisoned(round_[0]), *round_)[-1]
    _took(receiver, *round_, *round_)
    assert _MESSAGE == receiver.message


def test_false_padding_is_poison() -> None:
    """What stands behind the digest is zeros: one message has one text."""
    encoder = Encoder(_OTHER, 79)
    last = encoder.frame(encoder.fragments - 1)
    spoilt = forged(last[1:9], len(_OTHER), encoder.fragments - 1, last[19:-1] + bytes([last[-1] ^ 1]))
    receiver = Receiver()
    assert Taken.POISONED is _took(receiver, spoilt, *(encoder.frame(at) for at in range(encoder.fragments - 1)))[-1]


def test_another_message_under_the_same_id() -> None:
    """A whole text with its own right digest, but not the one that the id was made of: it is not given out."""
    wanted, text = Encoder(_THIRD, 100).frame(0), b"a message, as long".ljust(len(_THIRD))[: len(_THIRD)]
    false = forged(wanted[1:9], len(text), 0, Encoder(text, 100).frame(0)[19:])
    assert [Taken.POISONED, Taken.DONE] == _took(Receiver(), false, wanted)


def test_a_poisoned_static_code() -> None:
    """Another text under the id of the wanted message: not given out, and the wanted one is taken after it."""
    frame = Encoder(_THIRD, 100).frame(0)
    receiver = Receiver()
    assert [Taken.POISONED, Taken.POISONED, Taken.DONE] == _took(receiver, poisoned(frame), poisoned(frame), frame)


def test_an_unwanted_message_is_refused() -> None:
    """A stranger's static code is whole at once: refused, its frames are passed over, ours went on all the time."""
    receiver, stranger = _begun(0, 1, 2), Encoder(_THIRD, 100).frame(0)
    assert Taken.DONE is receiver.take(stranger)
    assert (_THIRD, Progress(1, 1)) == (receiver.message, receiver.progress)
    receiver.refuse()
    assert (None, Progress(3, _NEEDED)) == (receiver.message, receiver.progress)
    assert Taken.REFUSED is receiver.take(stranger)
    assert Taken.DONE is _took(receiver, *_frames(*range(3, _NEEDED)))[-1]
    assert _MESSAGE == receiver.message


def test_nothing_to_refuse() -> None:
    """Refusing what is not whole is a mistake of ours."""
    with pytest.raises(RuntimeError, match="no whole message"):
        Receiver().refuse()


def test_the_refused_are_not_remembered_for_ever() -> None:
    """The oldest of more than MESSAGES_REFUSED is taken, and refused, again."""
    receiver = Receiver()
    codes = [Encoder(number.to_bytes(2), 60).frame(0) for number in range(limits.MESSAGES_REFUSED + 1)]
    for code in codes:
        receiver.take(code)
        receiver.refuse()
    assert [Taken.REFUSED, Taken.DONE] == _took(receiver, codes[1], codes[0])


def test_a_receiver_has_place_for_newcomers() -> None:
    """With fewer places than MESSAGES_KEPT and one nobody new could be followed."""
    with pytest.raises(RuntimeError, match="newcomer"):
        Receiver(limits.MESSAGES_KEPT)


def test_a_flood_of_messages_takes_no_progress() -> None:
    """20,000 foreign messages between two frames, then the rest."""
    receiver = _begun(0, 1)
    _took(receiver, *(flooding(number) for number in range(20_000)))
    assert Progress(2, _NEEDED) == receiver.progress
    assert Taken.DONE is _took(receiver, *_frames(*range(2, _NEEDED)))[-1]


def test_beginning_in_a_flood_beside_fat_messages() -> None:
    """Bogus messages with more frames than ours fill every place, and 40 others come between two frames of ours."""
    receiver = Receiver()
    for number in range(limits.MESSAGES_AT_ONCE):
        _took(receiver, *(flooding(number, sequence) for sequence in range(6)))
    for at, frame in enumerate(_frames(*range(_NEEDED))):
        receiver.take(frame)
        _took(receiver, *(flooding(1000 + 40 * at + number) for number in range(40)))
    assert _MESSAGE == receiver.message


def test_the_number_of_messages_is_capped() -> None:
    """Of MESSAGES_AT_ONCE and one the oldest goes that is not among the MESSAGES_KEPT with the most frames."""
    receiver = Receiver()
    kept, first, *others = range(limits.MESSAGES_AT_ONCE + limits.MESSAGES_KEPT)
    _took(receiver, flooding(kept, 0), flooding(kept, 1), flooding(first, 0))
    _took(receiver, *(flooding(number) for number in others))
    assert Taken.REPEATED is receiver.take(flooding(kept, 1))
    assert [Taken.OTHER, Taken.REPEATED] == _took(receiver, flooding(others[2]), flooding(others[-1]))


def test_memory_is_capped() -> None:
    """As many long messages as may be, each almost whole: RECEIVER_BYTES, and the oldest make room for the latest."""
    receiver = Receiver()
    tracemalloc.start()
    for number in range(limits.MESSAGES_AT_ONCE):
        _took(receiver, *(_long(number, at) for at in range(300)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert limits.RECEIVER_BYTES // 2 < peak < limits.RECEIVER_BYTES
    latest, oldest = limits.MESSAGES_AT_ONCE - 1, limits.MESSAGES_KEPT
    assert [Taken.REPEATED, Taken.OTHER] == _took(receiver, _long(latest, 0), _long(oldest, 0))


def _long(number: int, at: int) -> bytes:
    """Fragment *at* of the bogus message *number*, of the greatest length, in the largest codes."""
    return forged(number.to_bytes(8), limits.MESSAGE_BYTES, at, b"\1".ljust(2934))


def test_a_frame_allocates_next_to_nothing() -> None:
    """One frame that asks for the most fragments of the longest message: some kilobytes, whatever it says."""
    receiver = Receiver()
    receiver.take(forged(bytes(8), limits.MESSAGE_BYTES, 9999, bytes(513)))
    tracemalloc.start()
    receiver.take(forged(bytes([1]) * 8, limits.MESSAGE_BYTES, 9999, random.Random(1).randbytes(513)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000


def test_the_longest_message_in_the_most_fragments() -> None:
    """FRAGMENTS of them, most by fragments and 200 by combinations."""
    message = random.Random(7).randbytes(limits.FRAGMENTS - 32)
    encoder = Encoder(message, 20)
    assert limits.FRAGMENTS == encoder.fragments
    receiver = Receiver()
    verdicts = _took(receiver, *(encoder.frame(number) for number in range(200, 2248)))
    assert {Taken.NEW, Taken.DONE} >= set(verdicts)
    assert message == receiver.message
