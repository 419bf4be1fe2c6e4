"""A local Warthog node for training, for the demo and for tests.

It speaks the dialect of the main network (v0.8) or of the defi network (v0.10) over a real loopback
socket, and checks every transaction with its own code: nothing here shares a preimage, a fee rule,
a price rule, an address rule or a JSON rule with the rest of Coldtusk. Where it differs from the
real node on purpose, :mod:`~coldtusk_online.rehearsal.differences` says so by name.

Use it so::

    node = RehearsalNode(Network.DEFI, clock=lambda: int(time.time()))
    with serve(node) as server:
        node.fund(address, 100_000_000)
        ...  # talk to server.url
        server.faults.arm(FaultKind.REPLY_LOST, "/transaction/add")
"""

from coldtusk_online.rehearsal.faults import Fault, FaultKind, Faults
from coldtusk_online.rehearsal.node import RehearsalNode
from coldtusk_online.rehearsal.server import RunningServer, serve

__all__ = ["Fault", "FaultKind", "Faults", "RehearsalNode", "RunningServer", "serve"]
