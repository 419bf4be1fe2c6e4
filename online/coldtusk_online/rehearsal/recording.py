"""A rehearsal that survives its process: what happened, a line each, and happens again at the next start.

Only for training. Nothing is kept unless a file is named.
"""

import json
from collections.abc import Callable
from pathlib import Path

from coldtusk_online.rehearsal.node import Happened, RehearsalNode
from coldtusk_online.rehearsal.reasons import Rejection
from coldtusk_shared.errors import BadInput, Code, Outside

UNREADABLE = Code("rehearsal.state", "this is no rehearsal state file of this network: name another or delete it")
UNWRITABLE = Code("rehearsal.state-file", "name a state file in a folder that you may write")


def write_to(path: Path) -> Callable[[Happened], None]:
    """An observer for :class:`RehearsalNode` that appends to *path*."""

    def append(change: Happened) -> None:
        try:
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps([change.what, *change.details]) + "\n")
        except OSError as fault:
            raise Outside(UNWRITABLE, f"cannot write: {fault.strerror}", where=str(path)) from fault

    return append


def replay(path: Path, node: RehearsalNode) -> None:
    """Let everything in *path* happen to a fresh *node*. A missing file is an empty one."""
    if not path.exists():
        return
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            _again(node, line, f"{path}, line {number}")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(UNREADABLE, str(fault), where=str(path)) from fault


def _again(node: RehearsalNode, line: str, where: str) -> None:
    try:
        match json.loads(line):
            case ["fund", str(address), int(e8)]:
                node.fund(address, e8)
            case ["mine", int(timestamp), int(blocks), str(miner)]:
                node.mine_at(timestamp, blocks, miner or None)
            case ["add", str(body)]:
                node.add(body.encode())
            case ["minfee", int(e8)]:
                node.set_min_fee(e8)
            case _:
                raise BadInput(UNREADABLE, "an unknown event", where=where)
    except (ValueError, Rejection) as fault:
        raise BadInput(UNREADABLE, f"{fault}", where=where) from fault
