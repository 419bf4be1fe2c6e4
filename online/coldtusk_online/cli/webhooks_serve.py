"""``webhooks serve``: receive notifications until interrupted."""

import time
from pathlib import Path
from typing import Any

import click

from coldtusk_online.cli import options
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.options import PATH
from coldtusk_online.cli.output import Json, Shown, announce
from coldtusk_online.webhooks import secrets
from coldtusk_online.webhooks.app import Intake, application
from coldtusk_online.webhooks.limiter import PEER_RATE, WHOLE_RATE, Limiter, Rate
from coldtusk_online.webhooks.notice import Service
from coldtusk_online.webhooks.secrets import Secrets
from coldtusk_online.webhooks.server import Listen, Server, tls_context
from coldtusk_online.webhooks.storing import store_in
from coldtusk_online.webhooks.tally import Tally
from coldtusk_online.webhooks.writer import Writer
from coldtusk_shared.errors import Code, Refused

NO_SECRET = Code("webhooks.no-secret", "`webhooks secret add` first: without one everything would be refused")

_HIGHEST_PORT = 65535
_BURST = 4
"""At once, as a multiple of what is allowed each second."""


@options.command("serve", help="Receive notifications until interrupted: POST /coinpayments and /coinrpc/WALLET.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, _HIGHEST_PORT), default=0, help="The port (default: any free one).")
@click.option("--cert", type=PATH, help="The certificate chain, PEM; without it only loopback is listened on.")
@click.option("--key", type=PATH, help="Its private key, PEM.")
@click.option("--proxy", is_flag=True, help="A reverse proxy on this machine says a peer's address.")
@click.option(
    "--rate", type=click.IntRange(1, 100_000), default=WHOLE_RATE.each_second, show_default=True, help="A second."
)
@click.option(
    "--peer-rate",
    type=click.IntRange(1, 100_000),
    default=PEER_RATE.each_second,
    show_default=True,
    help="A second, of one.",
)
def serve(desk: Desk, rate: int, peer_rate: int, **where: Any) -> Shown:
    """Four times as many as the rates say may come at once."""
    desk.settings()
    enrolled = _enrolled(desk)
    listen = _listen(**where)
    tally = Tally(announce)
    limiter = Limiter(time.monotonic_ns, Rate(peer_rate, _BURST * peer_rate), Rate(rate, _BURST * rate))
    with desk.host() as host:
        writer = Writer(store_in(host))
        server = Server(application(Intake(enrolled, writer, limiter, tally)), listen)
        announce(f"listening on {server.url}")
        try:
            server.run()
        finally:
            writer.stop()
    return _shown(tally)


def _listen(host: str, port: int, cert: Path | None, key: Path | None, *, proxy: bool) -> Listen:
    if (cert is None) != (key is None):
        raise click.UsageError("give --cert and --key together")
    tls = None if cert is None or key is None else tls_context(cert, key)
    return Listen(host, port, tls, proxied=proxy)


def _enrolled(desk: Desk) -> Secrets:
    enrolled = secrets.load(desk.places.webhook_secrets)
    if not any(enrolled.of(service) for service in Service):
        raise Refused(NO_SECRET, "no secret is enrolled", where="webhooks")
    return enrolled


def _shown(tally: Tally) -> Shown:
    refused: dict[str, Json] = dict(sorted(tally.reasons.items()))
    last: list[Json] = [{"code": one.reason, "digest": one.digest} for one in tally.refusals]
    lines = [f"Stored {tally.stored}, repeated {tally.repeated}, refused {sum(tally.reasons.values())}."]
    lines += [f"  {name}: {count}" for name, count in sorted(tally.reasons.items())]
    return Shown(
        {"stored": tally.stored, "repeated": tally.repeated, "refused": refused, "last_refused": last}, "\n".join(lines)
    )
