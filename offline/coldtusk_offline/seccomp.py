"""The system call filter: no network, no other process's memory. Children inherit it, and nothing can take it off.

A refused call answers EPERM and does not kill: glibc asks a name service over a socket now and then
and goes on without, and a signer that dies between its journal and its answer is the worse outcome.
Only a call in a foreign architecture kills, since no program of ours makes one.
"""

import errno
import struct
from collections.abc import Mapping
from dataclasses import dataclass

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h: LD|W|ABS, JMP|JEQ|K, JMP|JGE|K, RET|K
_NUMBER, _ARCHITECTURE = 0, 4  # struct seccomp_data: int nr, __u32 arch
_ALLOW, _KILL, _REFUSE = 0x7FFF_0000, 0x8000_0000, 0x0005_0000 | errno.EPERM
_X32 = 0x4000_0000  # x86-64 answers a second set of numbers from here on; refused whole, elsewhere it is empty


@dataclass(frozen=True, slots=True)
class Machine:
    """One processor family: its AUDIT_ARCH constant and the system call numbers that we need."""

    architecture: int
    seccomp: int
    refused: Mapping[str, int]


MACHINES: Mapping[str, Machine] = {
    "x86_64": Machine(
        architecture=0xC000_003E,
        seccomp=317,
        refused={
            "socket": 41,
            "connect": 42,
            "accept": 43,
            "sendto": 44,
            "recvfrom": 45,
            "sendmsg": 46,
            "recvmsg": 47,
            "bind": 49,
            "listen": 50,
            "socketpair": 53,
            "ptrace": 101,
            "accept4": 288,
            "recvmmsg": 299,
            "sendmmsg": 307,
            "process_vm_readv": 310,
            "process_vm_writev": 311,
            "bpf": 321,
            "io_uring_setup": 425,
            "io_uring_enter": 426,
            "io_uring_register": 427,
            "pidfd_getfd": 438,
        },
    ),
    "aarch64": Machine(
        architecture=0xC000_00B7,
        seccomp=277,
        refused={
            "ptrace": 117,
            "socket": 198,
            "socketpair": 199,
            "bind": 200,
            "listen": 201,
            "accept": 202,
            "connect": 203,
            "sendto": 206,
            "recvfrom": 207,
            "sendmsg": 211,
            "recvmsg": 212,
            "accept4": 242,
            "recvmmsg": 243,
            "sendmmsg": 269,
            "process_vm_readv": 270,
            "process_vm_writev": 271,
            "bpf": 280,
            "io_uring_setup": 425,
            "io_uring_enter": 426,
            "io_uring_register": 427,
            "pidfd_getfd": 438,
        },
    ),
}
"""By ``os.uname().machine``: the two families that the requirements have wheels for."""


def program(machine: Machine) -> bytes:
    """The filter as an array of struct sock_filter, 8 bytes each, for the machine it runs on.

    Every comparison that is true jumps to one of the three verdicts at the end.
    """
    tests = [(_AT_LEAST, _X32), *((_EQUAL, number) for number in sorted(machine.refused.values()))]
    head = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 0, len(tests) + 3, machine.architecture),
        (_LOAD, 0, 0, _NUMBER),
    ]
    body = [(kind, len(tests) - place, 0, value) for place, (kind, value) in enumerate(tests)]
    verdicts = [(_RETURN, 0, 0, verdict) for verdict in (_ALLOW, _REFUSE, _KILL)]
    return b"".join(struct.pack("=HBBI", *line) for line in (*head, *body, *verdicts))
