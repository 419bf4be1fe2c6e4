"""The process that looks at pictures: ``python -I -B -m coldtusk_shared.transport.decoder_child PARENT``.

It has its standard input and output, no vault, no key, no environment, and after its start no file. What it
does not foresee ends it: that costs its parent one frame (:mod:`coldtusk_shared.transport.decoder`).
"""

import os
import sys
from contextlib import suppress
from typing import NoReturn

from coldtusk_shared import limits
from coldtusk_shared.transport import confinement
from coldtusk_shared.transport.decoder_wire import JOB, JOB_BYTES, REPLY, Job, Reply

_IN, _OUT = 0, 1


def main(parent: int) -> NoReturn:
    """Lock this process in, then answer jobs until it is killed or its input ends. Raises what it did not foresee."""
    confinement.confine(parent)
    confinement.limit_memory(limits.DECODER_MEMORY_BYTES)
    confinement.forbid_writing()
    confinement.forbid_processes()
    from coldtusk_shared.transport.decoder_jobs import Worker  # noqa: PLC0415 - the parsers load behind the limits

    confinement.forbid_files()
    worker = Worker()
    _write(Reply.READY, b"")
    head, body = bytearray(JOB.size), bytearray()
    while True:
        _read(head)
        kind, width, height, length = JOB.unpack(head)
        if length > JOB_BYTES:
            raise ValueError("the job is larger than any")
        if length != len(body):  # a camera's planes are all of one length, and fresh memory costs as much as the pipe
            body = bytearray(length)
        _read(body)
        _write(*worker.answer(Job(kind), width, height, body))


def _read(data: bytearray) -> None:
    view = memoryview(data)
    while view:
        count = os.readv(_IN, [view])
        if not count:
            sys.exit()
        view = view[count:]


def _write(kind: Reply, body: bytes) -> None:
    view = memoryview(REPLY.pack(kind, len(body)) + body)
    while view:
        view = view[os.write(_OUT, view) :]


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main(int(sys.argv[1]))
