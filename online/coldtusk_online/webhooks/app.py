"""The ASGI application: POST /coinpayments and POST /coinrpc/<wallet>.

A notification goes forward through these steps, and whoever sends it learns nothing but a status: 429 too fast, 415 not
a form, 413 too large, 408 too slow, 403 or 400 refused, 503 not stored (the service repeats it), 200 stored. **200 is
said after the commit**, never before.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from coldtusk_online.services.coinpayments import webhook as coinpayments
from coldtusk_online.services.coinrpc import webhook as coinrpc
from coldtusk_online.webhooks import form
from coldtusk_online.webhooks.limiter import Limiter
from coldtusk_online.webhooks.notice import Headers, Notice, Service
from coldtusk_online.webhooks.secrets import Secrets, SecretsOf
from coldtusk_online.webhooks.tally import Tally
from coldtusk_online.webhooks.writer import Writer
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code, ColdtuskError, Outside, Refused

RATE = Code("webhooks.rate", "one peer, or all together, send faster than allowed: `webhooks serve --help` sets it")
TYPE = Code("webhooks.content-type", "the services send forms: find out who sent this")
SLOW = Code("webhooks.slow", "the sender stopped half way: it, or a proxy before this server, is too slow")
GONE = Code("webhooks.cut", "the sender went away before the whole notification was here")

_FORM: Final = "application/x-www-form-urlencoded"
_CHARSETS: Final = frozenset({"", "charset=utf-8"})
_CLOSE: Final = {"Connection": "close"}


class _Answer(NamedTuple):
    """The status of a refusal, and its whole body."""

    status: int
    body: str


_ANSWERS: Final = MappingProxyType(
    {
        RATE: _Answer(429, "later\n"),
        TYPE: _Answer(415, "a form\n"),
        form.SIZE: _Answer(413, "too large\n"),
        SLOW: _Answer(408, "too slow\n"),
    }
)
_BY_FAMILY: Final = MappingProxyType(
    {BadInput.exit_status: _Answer(400, "refused\n"), Refused.exit_status: _Answer(403, "refused\n")}
)
_NOT_STORED: Final = _Answer(503, "later\n")
"""Whatever failed on our side, the service is to repeat it."""

Verify: TypeAlias = Callable[[bytes, Headers, SecretsOf], Notice]
VERIFY: Final[Mapping[Service, Verify]] = MappingProxyType(
    {Service.COINPAYMENTS: coinpayments.verify, Service.COINRPC: coinrpc.verify}
)
"""Each service's own rule."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What the application works with."""

    secrets: Secrets
    writer: Writer
    limiter: Limiter
    tally: Tally
    seconds: float = limits.WEBHOOK_SECONDS


def application(intake: Intake) -> Starlette:
    """The application over *intake*."""

    async def coinpayments_ipn(request: Request) -> Response:
        return await _answer(intake, request, Service.COINPAYMENTS, intake.secrets.of(Service.COINPAYMENTS))

    async def coinrpc_webhook(request: Request) -> Response:
        wallet: str = request.path_params["wallet"]
        secret = intake.secrets.of(Service.COINRPC).get(wallet)
        held = {} if secret is None else {wallet: secret}
        return await _answer(intake, request, Service.COINRPC, held)

    routes = [
        Route("/coinpayments", coinpayments_ipn, methods=["POST"]),
        Route("/coinrpc/{wallet}", coinrpc_webhook, methods=["POST"]),
    ]
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    return app


async def _answer(intake: Intake, request: Request, service: Service, secrets: SecretsOf) -> Response:
    body = bytearray()
    try:
        if wait := intake.limiter.wait_of(request.client.host if request.client else ""):
            return _refused(intake, Refused(RATE, "too fast"), b"", {"Retry-After": str(wait)})
        _check_type(request)
        await _read(request, body, intake.seconds)
        notice = VERIFY[service](bytes(body), request.scope["headers"], secrets)
        kept = await intake.writer.store(notice)
    except ColdtuskError as error:
        return _refused(intake, error, bytes(body), {})
    intake.tally.count(new=kept.new)
    return PlainTextResponse("stored\n")


def _refused(intake: Intake, error: ColdtuskError, body: bytes, headers: Mapping[str, str]) -> Response:
    """The connection is closed behind it: the rest of a body that was not read must not count as a request."""
    intake.tally.refuse(error.code, body)
    answer = _ANSWERS.get(error.code) or _BY_FAMILY.get(error.exit_status, _NOT_STORED)
    return PlainTextResponse(answer.body, answer.status, {**_CLOSE, **headers})


def _check_type(request: Request) -> None:
    kind, _, parameter = request.headers.get("content-type", "").lower().partition(";")
    if kind.strip() != _FORM or parameter.strip() not in _CHARSETS or "content-encoding" in request.headers:
        raise BadInput(TYPE, "not a plain form", where="Content-Type")


async def _read(request: Request, into: bytearray, seconds: float) -> None:
    """Read the body within its cap and *seconds*. One that says that it is larger is not read at all."""
    length = request.headers.get("content-length", "0")
    if len(length) > 10 or int(length) > limits.WEBHOOK_BYTES:  # it has digits only: the parser has seen to it
        raise _too_large()
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                into += part
                if len(into) > limits.WEBHOOK_BYTES:
                    into.clear()
                    raise _too_large()
    except TimeoutError as error:
        raise Outside(SLOW, f"no whole body within {seconds:g} seconds") from error
    except ClientDisconnect as error:
        raise Outside(GONE, "the connection ended within the body") from error


def _too_large() -> BadInput:
    return BadInput(form.SIZE, f"more than {limits.WEBHOOK_BYTES} bytes")
