"""``coinrpc``: build calls that are sent at a time chosen ahead, and compare clocks with the service."""

from coldtusk_online.cli.lazy import Entry, LazyGroup

_COMMANDS = {
    "call": Entry("coinrpc_build", "call", "Request to call METHOD, which counts as moving money unless enrolled."),
    "get-balance": Entry("coinrpc_build", "get_balance", "Request that reads: get_balance."),
    "clock": Entry("coinrpc_clock", "clock", "Compare this machine's clock with the service's."),
}

group = LazyGroup("coinrpc", entries=_COMMANDS, help="Build calls that are sent at a chosen time, and compare clocks.")
