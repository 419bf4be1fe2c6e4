"""Every crash and every failing step of an operation on files, one by one.

``for point in crash_points(operation, start)`` runs ``operation(fs)`` on copies of *start*, crashes
before each durable step and after the last, and yields every distinct state of the medium.
``for point in fault_points(operation, start)`` lets each step fail with ENOSPC and EIO, once or from
there on, and yields the file system as the process then sees it, with the error that came out;
``survivors(point.fs)`` crashes it as well.
"""

import errno
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.simulators.crash_fs import Crash, CrashFs, Fault
from tests.simulators.crash_nodes import Naming, Node, apply_naming


def survivors(fs: CrashFs) -> Iterator[CrashFs]:
    """Every distinct state in which a crash now may leave the medium, each as a fresh, quiet file system."""
    seen: set[object] = set()
    unsettled = {n: node.outcomes() for n, node in fs._nodes.items() if node.pending or len(node.durable) > 1}
    for kept in _selections(fs._pending_names):
        names = dict(fs._durable_names)
        for naming in kept:
            apply_naming(names, naming)
        names = {path: number for path, number in names.items() if all(up in names for up in path.parents)}
        for contents in itertools.product(*unsettled.values()):
            after = _settled(fs, names, dict(zip(unsettled, contents, strict=True)))
            mark = tuple(after.tree().items())
            if mark not in seen:
                seen.add(mark)
                yield after


@dataclass(frozen=True, slots=True)
class CrashPoint:
    """A medium after a crash before step *step*, which the words *steps* led to."""

    step: int
    steps: tuple[str, ...]
    fs: CrashFs


@dataclass(frozen=True, slots=True)
class FaultPoint:
    """What an operation left behind whose step failed, and the error that came out of it, if any."""

    fault: Fault
    steps: tuple[str, ...]
    fs: CrashFs
    error: Exception | None


def crash_points(operation: Callable[[CrashFs], object], start: CrashFs) -> Iterator[CrashPoint]:
    """Run *operation* with a crash before each durable step and one after the last: every state that may be left."""
    for step in itertools.count():
        fs = start.copy()
        fs.crash_at = step
        finished = _ends(operation, fs)
        for state in survivors(fs):
            yield CrashPoint(step, tuple(fs.steps), state)
        if finished:
            return


def fault_points(
    operation: Callable[[CrashFs], object], start: CrashFs, numbers: Sequence[int] = (errno.ENOSPC, errno.EIO)
) -> Iterator[FaultPoint]:
    """Run *operation* with each durable step failing, once and from there on, with each error number."""
    for number, lasting in itertools.product(numbers, (False, True)):
        for step in itertools.count():
            fs = start.copy()
            fs.fault = fault = Fault(step, number, lasting)
            error = _error_of(operation, fs)
            if len(fs.steps) <= step:
                break
            fs.fault = None
            yield FaultPoint(fault, tuple(fs.steps), fs, error)


def _ends(operation: Callable[[CrashFs], object], fs: CrashFs) -> bool:
    try:
        operation(fs)
    except Crash:
        return False
    return True


def _error_of(operation: Callable[[CrashFs], object], fs: CrashFs) -> Exception | None:
    try:
        operation(fs)
    except Exception as error:  # noqa: BLE001 - whatever comes out is the test's to judge
        return error
    return None


def _settled(fs: CrashFs, names: dict[Path, int], contents: dict[int, bytes]) -> CrashFs:
    after = CrashFs(fs.links, fs.most, fs.owner)
    after._next = fs._next
    after._nodes = {}
    for number in set(names.values()):
        node = fs._nodes[number]
        data = contents.get(number, node.durable[0])
        after._nodes[number] = Node(node.kind, node.mode, data, (data,))
    after._names, after._durable_names = dict(names), dict(names)
    return after


def _selections(pending: list[Naming]) -> Iterator[tuple[Naming, ...]]:
    for size in range(len(pending), -1, -1):
        yield from itertools.combinations(pending, size)
