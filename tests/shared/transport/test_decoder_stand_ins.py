"""The decoder with children that misbehave: each costs one frame or one start, and none outlives it."""

import signal
import sys
from pathlib import Path

import pytest

from coldtusk_shared import limits
from coldtusk_shared.errors import Outside
from coldtusk_shared.transport.decoder import Decoder
from tests.shared.transport.processes import ended, gone

_HEAD = """
import os, signal, sys, time
def say(kind, body=b"", length=None):
    os.write(1, bytes([kind]) + (len(body) if length is None else length).to_bytes(4, "big") + body)
"""
_READY = _HEAD + "say(1)\n"
_ASKED = _READY + "os.read(0, 1 << 20)\n"
_SHORT = 0.3


def _command(source: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-c", source)


ANSWERS = {
    "nothing": "",
    "not a word": "time.sleep(1000)",
    "half a head": "os.write(1, b'\\2\\0')",
    "half a head, then silence": "os.write(1, b'\\2\\0'); time.sleep(1000)",
    "half a body": "say(2, b'\\0\\1', 100)",
    "garbage": "os.write(1, os.urandom(1 << 16))",
    "text": "os.write(1, b'Traceback (most recent call last):' * 100)",
    "a kind that is none": "say(9)",
    "ready a second time": "say(1)",
    "the end of a plane": "say(3)",
    "a plane that is no picture": "say(4, b'\\1')",
    "a length of 2^32 - 1": "say(2, b'', 0xffffffff)",
    "a payload past the end": "say(2, b'\\0\\5abc')",
    "half a length": "say(2, b'\\0')",
    "an empty payload": "say(2, b'\\0\\0')",
    "a payload longer than any": "n = 2954; say(2, n.to_bytes(2, 'big') + bytes(n))",
    "killed by itself": "os.kill(os.getpid(), signal.SIGKILL)",
    "aborted": "os.abort()",
    "one byte a time": "[(os.write(1, b'\\2'), time.sleep(0.05)) for _ in range(1000)]",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_is_none(answer: str) -> None:
    """One frame is lost, the child ends, and the next frame has a new one."""
    with Decoder(_command(_ASKED + answer), seconds=_SHORT) as decoder:
        first = decoder.pid
        assert ([], 1) == (decoder.luma(8, 8, bytes(64)), decoder.lost)
        assert gone(first)
        assert ([], 2) == (decoder.luma(8, 8, bytes(64)), decoder.lost)


@pytest.mark.parametrize("answer", ["say(1)", "say(3, b'x')", "say(4)", "say(4, b'\\x09')", "say(4, b'\\1\\1')", ""])
def test_a_picture_without_an_answer(answer: str) -> None:
    """It ends there, and counts as one lost frame."""
    with Decoder(_command(_ASKED + answer), seconds=_SHORT) as decoder:
        assert ([], 1) == (list(decoder.picture(b"GIF89a")), decoder.lost)


def test_a_child_that_does_not_read() -> None:
    """A plane larger than the pipe does not hang us either."""
    with Decoder(_command(_READY + "time.sleep(1000)"), seconds=_SHORT) as decoder:
        assert ([], 1) == (decoder.luma(4000, 1000, bytes(4_000_000)), decoder.lost)


def test_a_child_that_closes_its_input() -> None:
    """Nor one that will never read."""
    with Decoder(_command(_READY + "os.close(0); time.sleep(1000)"), seconds=_SHORT) as decoder:
        assert ([], 1) == (decoder.luma(4000, 1000, bytes(4_000_000)), decoder.lost)


def test_a_child_that_writes_and_never_reads() -> None:
    """A flood of answers that nobody asked for is not read past the first."""
    flood = _READY + "while True: say(2)"
    with Decoder(_command(flood), seconds=_SHORT) as decoder:
        decoder.luma(4000, 1000, bytes(4_000_000))
        assert decoder.lost <= 1


@pytest.mark.parametrize("source", ["", "import nothing_like_this", _HEAD + "say(2)", _HEAD + "say(1, b'x')"])
def test_a_child_that_does_not_start(source: str) -> None:
    """It is an error of the installation, and no frame is blamed."""
    decoder = Decoder(_command(source), start_seconds=5.0)
    with pytest.raises(Outside) as caught:
        decoder.luma(8, 8, bytes(64))
    assert ("decoder.cannot-start", 0, None) == (caught.value.code.name, decoder.lost, decoder.pid)


def test_a_child_that_never_gets_ready() -> None:
    """Its start has a deadline of its own."""
    with pytest.raises(Outside) as caught:
        Decoder(_command("import time; time.sleep(1000)"), start_seconds=0.1).luma(8, 8, bytes(64))
    assert "decoder.cannot-start" == caught.value.code.name
    assert limits.DECODER_START_SECONDS > limits.DECODE_SECONDS


def test_a_program_that_is_not_there() -> None:
    """The same for a command that cannot be started at all."""
    with pytest.raises(Outside) as caught, Decoder(("/nowhere/python",)):
        pass
    assert "decoder.cannot-start" == caught.value.code.name


def test_an_interrupt_ends_the_child() -> None:
    """A reply that nobody waited for would be taken for the next one."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with Decoder(_command(_ASKED + "os.kill(os.getppid(), signal.SIGUSR1); time.sleep(1000)")) as decoder:
            pid = decoder.pid
            with pytest.raises(KeyboardInterrupt):
                decoder.luma(8, 8, bytes(64))
            assert (True, 0) == (gone(pid), decoder.lost)
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_an_interrupt_at_the_start() -> None:
    """A child that is not ready yet is ended too."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, interrupt)
    decoder = Decoder(_command(_HEAD + "os.kill(os.getppid(), signal.SIGUSR1); time.sleep(1000)"))
    try:
        with pytest.raises(KeyboardInterrupt):
            decoder.luma(8, 8, bytes(64))
        assert (None, 0) == (decoder.pid, decoder.lost)
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_a_grandchild_ends_with_the_child() -> None:
    """What a child starts is in its process group, and is killed with it."""
    source = _READY + (
        "import subprocess\n"
        "one = subprocess.Popen(['sleep', '1000'], env={'PATH': os.defpath})\n"
        "say(2, (len(str(one.pid)) ).to_bytes(2, 'big') + str(one.pid).encode())\n"
        "time.sleep(1000)"
    )
    with Decoder(_command(source)) as decoder:
        (payload,) = decoder.luma(8, 8, bytes(64))
        assert not gone(int(payload))
    ended(int(payload))


def test_many_lost_frames_leak_nothing() -> None:
    """Children come and go; our own descriptors stay as many."""
    with Decoder(_command(_ASKED), seconds=_SHORT) as decoder:
        before = len([*Path("/proc/self/fd").iterdir()])
        for _ in range(5):
            assert [] == decoder.luma(8, 8, bytes(64))
        assert 5 == decoder.lost
    assert len([*Path("/proc/self/fd").iterdir()]) == before - 2
