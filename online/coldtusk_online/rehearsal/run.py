"""``coldtusk-online rehearse``: serve a node until interrupted."""

from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import time

from coldtusk_online.rehearsal.node import Happened, RehearsalNode
from coldtusk_online.rehearsal.reasons import Rejection
from coldtusk_online.rehearsal.recording import replay, write_to
from coldtusk_online.rehearsal.server import serve
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.services.warthog.network import Network

BAD_FUNDING = Code("rehearsal.fund", "give an address of 48 hex digits and an amount of WART")


def run(
    network: Network,
    port: int,
    block_seconds: float,
    fund: list[tuple[str, int]],
    announce: Callable[[str], None],
    state_file: Path | None = None,
    *,
    until: Event | None = None,
) -> None:
    """Serve *network* on *port* (0: any) until KeyboardInterrupt or until *until* is set.

    A block is made each *block_seconds* (0: only on ``/debug/fakemine``). *fund* gives addresses E8 of WART,
    once. *announce* gets lines for people, the first of them ``listening on URL``. With *state_file* the
    rehearsal goes on where it stopped.
    """
    recorder, resumed = _Recorder(), state_file is not None and state_file.exists()
    node = RehearsalNode(network, clock=lambda: int(time()), observer=recorder)
    if state_file is not None:
        replay(state_file, node)
        recorder.to = write_to(state_file)
    _fund(node, [] if resumed else fund)
    with serve(node, port=port) as server:
        if block_seconds > 0:
            server.mine_every(block_seconds)
        announce(f"listening on {server.url}")
        announce(f"rehearsal of the {network.value} network at height {node.height}: nothing here is real money")
        _wait(until or Event())


class _Recorder:
    """Hands on what happens once the past has been replayed."""

    to: Callable[[Happened], None] | None = None

    def __call__(self, change: Happened) -> None:
        if self.to is not None:
            self.to(change)


def _fund(node: RehearsalNode, fund: list[tuple[str, int]]) -> None:
    for address, e8 in fund:
        try:
            node.fund(address, e8)
        except Rejection as no:
            raise BadInput(BAD_FUNDING, no.reason.text(node.network), where="--fund") from no


def _wait(until: Event) -> None:
    try:
        until.wait()
    except KeyboardInterrupt:
        return
