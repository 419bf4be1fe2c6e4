"""From a method, a path and a body to the bytes of a reply, or to silence.

As the real node: every answer is HTTP 200, an unknown route or a wrong method gets no answer at all,
path parameters are not URL-decoded and never empty.
"""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from coldtusk_online.rehearsal import orders_json, replies_defi, replies_main
from coldtusk_online.rehearsal.forms import Json
from coldtusk_online.rehearsal.node import RehearsalNode
from coldtusk_online.rehearsal.numbers import read_address, read_u64, write_address
from coldtusk_online.rehearsal.reasons import Rejection
from coldtusk_shared.services.warthog.network import Network

Handler = Callable[[RehearsalNode, Mapping[str, str]], Json]


def _fake_mine(node: RehearsalNode, path: Mapping[str, str]) -> Json:
    node.mine(1, write_address(read_address(path["address"])))
    return {"code": 0, "error": "No error"}


def _set_min_fee(node: RehearsalNode, path: Mapping[str, str]) -> Json:
    return {"deleted": node.set_min_fee(read_u64(path["e8"]))}


_BOTH: dict[str, Handler] = {"/debug/fakemine/:address": _fake_mine, "/settings/mempool/minfee/:e8": _set_min_fee}
_ROUTES: dict[Network, dict[str, Handler]] = {
    Network.MAIN: {**replies_main.ROUTES, **_BOTH},
    Network.DEFI: {**replies_defi.ROUTES, **orders_json.ROUTES, **_BOTH},
}
_ENCODERS: dict[Network, Callable[[Json], bytes]] = {
    Network.MAIN: replies_main.encode,
    Network.DEFI: replies_defi.encode,
}


def encode(network: Network, reply: Json) -> bytes:
    """A reply's bytes in *network*'s spelling."""
    return _ENCODERS[network](reply)


def answer(node: RehearsalNode, method: str, target: str, body: bytes = b"") -> Json:
    """The reply's JSON value; ``None`` where the real node closes the connection instead."""
    path, _, query = target.partition("?")
    with node.lock:
        try:
            data = _dispatch(node, method, path, query, body)
        except Rejection as no:
            return {"code": no.reason.number(node.network), "error": no.reason.text(node.network)}
    return None if data is None else {"code": 0, "data": data}


def _dispatch(node: RehearsalNode, method: str, path: str, query: str, body: bytes) -> Json:
    if (method, path) == ("POST", "/transaction/add"):
        return {"txHash": node.add(body).hex()}
    if method != "GET":
        return None
    for pattern, handler in _ROUTES[node.network].items():
        found = _match(pattern, path)
        if found is not None:
            return handler(node, {**dict(parse_qsl(query)), **found})
    return None


def _match(pattern: str, path: str) -> dict[str, str] | None:
    wanted, given = pattern.split("/"), path.split("/")
    if len(wanted) != len(given):
        return None
    found = {want[1:]: have for want, have in zip(wanted, given, strict=True) if want.startswith(":")}
    same = all(want == have for want, have in zip(wanted, given, strict=True) if not want.startswith(":"))
    return found if same and all(found.values()) else None
