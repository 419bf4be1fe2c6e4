"""Starts a program locked in: ``python -I -B -m coldtusk_shared.transport.launcher PARENT MEMORY PROGRAM ...``.

A camera (MEMORY 0) keeps what drivers need: it maps device memory, and libcamera makes files in memory.
What only computes on a file from outside gets MEMORY bytes of addresses and writes to no file.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import NoReturn

from coldtusk_shared.transport import confinement


def launched(command: Sequence[str], memory: int = 0) -> tuple[str, ...]:
    """The command that starts *command*, its program by its full path, locked in."""
    ours = (sys.executable, "-I", "-B", "-m", "coldtusk_shared.transport.launcher")
    return (*ours, str(os.getpid()), str(memory), *command)


def answer(command: Sequence[str], *, seconds: float, descriptors: Sequence[int] = ()) -> str | None:
    """What a *command* of :func:`launched` prints, or None when it fails or takes longer than *seconds*."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath},
            cwd="/",
            pass_fds=descriptors,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else done.stdout.decode("ascii", errors="replace")


def main(arguments: Sequence[str]) -> NoReturn:
    """Become the program. Raises OSError when it or a limit cannot be had."""
    parent, memory, program, *rest = arguments
    confinement.confine(int(parent))
    if int(memory):
        confinement.limit_memory(int(memory))
        confinement.forbid_writing()
    os.execv(program, [program, *rest])  # noqa: S606 - no shell, and the program was looked up by our parent


if __name__ == "__main__":
    main(sys.argv[1:])
