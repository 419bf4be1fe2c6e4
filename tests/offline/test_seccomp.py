"""The filter program, run by an interpreter of our own: both machines are tested on either."""

import errno
import json
import struct

import pytest

from coldtusk_offline.seccomp import MACHINES, program
from tests.boundary.source_tree import TESTS

_ALLOW, _KILL, _REFUSE = 0x7FFF_0000, 0x8000_0000, 0x0005_0000 | errno.EPERM
_KERNEL_NUMBERS = json.loads((TESTS / "vectors" / "syscalls.json").read_text(encoding="utf-8"))


def _verdict(filter_: bytes, architecture: int, number: int) -> int:
    """What a kernel would answer (the four instructions of classic BPF that the filter uses)."""
    data = struct.pack("=iI", number, architecture)
    lines = list(struct.iter_unpack("=HBBI", filter_))
    accumulator, at = 0, 0
    while True:
        kind, if_true, if_false, value = lines[at]
        at += 1
        match kind:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", data, value)
            case 0x15:
                at += if_true if accumulator == value else if_false
            case 0x35:
                at += if_true if accumulator >= value else if_false
            case 0x06:
                return int(value)
            case _:
                raise AssertionError(f"instruction {kind:#x}")


@pytest.mark.parametrize("name", MACHINES)
def test_numbers_are_the_kernels(name: str) -> None:
    """Every number is the one in the kernel's own headers."""
    machine, numbers = MACHINES[name], _KERNEL_NUMBERS[name]
    assert {call: numbers[call] for call in machine.refused} == machine.refused
    assert numbers["seccomp"] == machine.seccomp


def test_both_machines_refuse_the_same() -> None:
    """What one processor refuses, the other refuses."""
    assert set(MACHINES["x86_64"].refused) == set(MACHINES["aarch64"].refused)


@pytest.mark.parametrize("name", MACHINES)
def test_every_number(name: str) -> None:
    """Of all numbers that there are, exactly the table is refused."""
    machine = MACHINES[name]
    filter_ = program(machine)
    refused = {number for number in range(1024) if _verdict(filter_, machine.architecture, number) != _ALLOW}
    assert set(machine.refused.values()) == refused
    assert {_REFUSE} == {_verdict(filter_, machine.architecture, number) for number in refused}


@pytest.mark.parametrize("name", MACHINES)
def test_second_set_of_numbers(name: str) -> None:
    """The x32 numbers, from bit 30 on, and negative ones are refused whole."""
    machine = MACHINES[name]
    for number in (0x4000_0000, 0x4000_0000 | machine.refused["socket"], 0x7FFF_FFFF, -1):
        assert _REFUSE == _verdict(program(machine), machine.architecture, number)


@pytest.mark.parametrize("name", MACHINES)
@pytest.mark.parametrize("foreign", [0x4000_0003, 0x4000_0028, 0])
def test_foreign_architecture(name: str, foreign: int) -> None:
    """A 32-bit call, whose numbers mean something else, ends the process."""
    assert {_KILL} == {_verdict(program(MACHINES[name]), foreign, number) for number in (0, 41, 102, 198, 281)}
