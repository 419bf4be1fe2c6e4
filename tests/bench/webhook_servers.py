"""The two servers of the bench, each in a process of its own: ``python -m tests.bench.webhook_servers KIND FOLDER``.

``ours`` is the webhook server over a new ledger; ``echo`` a bare Starlette that appends each body to a file, syncs it,
and answers with it. The first line on stdout is the port; both end with SIGTERM.
"""

import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from coldtusk_online.host import Host
from coldtusk_online.identity import HostIdentity
from coldtusk_online.ledger import store
from coldtusk_online.webhooks.app import Intake, application
from coldtusk_online.webhooks.limiter import Limiter, Rate
from coldtusk_online.webhooks.notice import Service
from coldtusk_online.webhooks.secrets import Secret, Secrets
from coldtusk_online.webhooks.server import Listen, Server
from coldtusk_online.webhooks.storing import store_in
from coldtusk_online.webhooks.tally import Tally
from coldtusk_online.webhooks.writer import Writer

MERCHANT, SECRET = "bench", "bench secret"
_NO_LIMIT = Rate(1_000_000, 1_000_000)


def ours(folder: Path) -> None:
    """The webhook server, rates set so high that they never refuse."""
    ledger = store.create(store.default_url(folder / "ledger.sqlite"))
    host = Host("bench", HostIdentity(bytes(32)), ledger, lambda: int(time.time()), os.urandom)
    secrets = Secrets({Service.COINPAYMENTS: {MERCHANT: Secret(SECRET, "bench")}})
    writer = Writer(store_in(host))
    limiter = Limiter(time.monotonic_ns, _NO_LIMIT, _NO_LIMIT)
    server = Server(application(Intake(secrets, writer, limiter, Tally(print))), Listen())
    print(urlsplit(server.url).port, flush=True)
    server.run()
    writer.stop()


def echo(folder: Path) -> None:
    """The bare reference."""
    handle = os.open(folder / "bodies", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def answer(request: Request) -> Response:
        body = await request.body()
        os.write(handle, body)
        os.fsync(handle)
        return Response(body)

    app = Starlette(routes=[Route("/coinpayments", answer, methods=["POST"])])
    config = uvicorn.Config(app, loop="asyncio", http="h11", ws="none", access_log=False, log_config=None)
    bound = socket.socket(proto=socket.IPPROTO_TCP)  # said, so that asyncio sets TCP_NODELAY, as it does for a port
    bound.bind(("127.0.0.1", 0))
    bound.listen()
    print(bound.getsockname()[1], flush=True)
    uvicorn.Server(config).run(sockets=[bound])


_KINDS: dict[str, Callable[[Path], None]] = {"ours": ours, "echo": echo}

if __name__ == "__main__":
    _KINDS[sys.argv[1]](Path(sys.argv[2]))
