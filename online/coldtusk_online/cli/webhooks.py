"""``webhooks``: receive, list, show and verify what the services notify us of."""

from pathlib import Path

import click

from coldtusk_online.cli import options, webhooks_secret, webhooks_serve
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.options import PATH
from coldtusk_online.cli.output import Json, Shown, table, when
from coldtusk_online.ledger import notices
from coldtusk_online.ledger.notices import Stored
from coldtusk_online.webhooks import checking, confirming, form, secrets
from coldtusk_online.webhooks.notice import Service, State
from coldtusk_shared import files, limits
from coldtusk_shared.text import quoted

_SHORT = 12
_COLUMNS: tuple[str, ...] = ("id", "received", "service", "account", "about", "status", "state")
_SERVICE = click.Choice([service.value for service in Service])
_NEXT = {
    State.VERIFIED: "nothing: its HMAC is right",
    State.UNCONFIRMED: "its hash says little: ask the service over the gap, then `webhooks confirm`",
    State.CONFIRMED: "nothing: a signed query agreed",
    State.SUPERSEDED: "nothing: an older status that came late",
    State.DISPUTED: "it contradicts an end that was told before: ask the service over the gap",
}


@click.group("webhooks", help="Receive and list the services' notifications.")
def group() -> None:
    """The notices of this host's ledger."""


@options.command("list", help="List the notices, oldest first.")
@click.option("--service", type=_SERVICE, help="Those of this service only.")
@click.option(
    "--last", type=click.IntRange(1, limits.WEBHOOKS_LISTED), default=100, show_default=True, help="The newest so many."
)
def list_(desk: Desk, service: str | None, last: int) -> Shown:
    """Times are this host's, in UTC."""
    with desk.host() as host, host.ledger.reading() as db:
        found = notices.latest(db, None if service is None else Service(service), last)
    rows = [_COLUMNS]
    rows += [_row(one) for one in found]
    listed: list[Json] = [_facts(one) for one in found]
    return Shown({"notices": listed}, table(rows) if found else "No notice yet: `coldtusk-online webhooks serve`.")


@options.command("show", help="Show the notice whose id begins with ID: every field, and what came before and after.")
@click.argument("id_", metavar="ID")
def show(desk: Desk, id_: str) -> Shown:
    """The fields are the service's own words."""
    with desk.host() as host, host.ledger.reading() as db:
        stored = notices.by_text(db, id_)
        notice = stored.notice
        around = notices.about(db, notice.service, notice.account, notice.subject)
    fields = form.parse(notice.body)
    rows = [("id", stored.id.hex()), *zip(_COLUMNS[1:], _row(stored)[1:], strict=True)]
    lines = [table(rows), "", "The service says:", table([(name, quoted(value)) for name, value in fields.items()])]
    lines += ["", "All about the same:", table([_row(one) for one in around]), f"Next: {_NEXT[notice.state]}."]
    told: dict[str, Json] = {**_facts(stored), "fields": fields, "about_the_same": [one.id.hex() for one in around]}
    return Shown(told, "\n".join(lines))


@options.command("verify", help="Check a stored notice again, or a body in a file, with the enrolled secret.")
@click.argument("file", type=PATH, required=False)
@click.option("--id", "id_", metavar="ID", help="A stored notice, instead of FILE.")
@click.option("--service", type=_SERVICE, help="Who is said to have sent FILE.")
@click.option("--header-hmac-file", type=PATH, help="The value of the header HMAC that came with FILE (CoinPayments).")
def verify(desk: Desk, file: Path | None, id_: str | None, service: str | None, header_hmac_file: Path | None) -> Shown:
    """Nothing is stored."""
    if (file is None) == (id_ is None) or (file is None) != (service is None):
        raise click.UsageError("give FILE with --service, or --id")
    desk.settings()
    enrolled = secrets.load(desk.places.webhook_secrets)
    if file is not None and service is not None:
        body = files.read_input(file, limits.WEBHOOK_BYTES)
        notice = checking.of_file(Service(service), body, _header(header_hmac_file), enrolled)
    else:
        with desk.host() as host, host.ledger.reading() as db:
            notice = checking.again(notices.by_text(db, id_ or "").notice, enrolled)
    words = notice.standing.words
    data: dict[str, Json] = {
        "service": notice.service.value,
        "account": notice.account,
        "about": notice.subject,
        "status": notice.status,
        "words": words,
    }
    return Shown(data, f"It is right: {notice.service.value}, {notice.account}, {notice.subject}: {words}.")


@options.command("confirm", help="Confirm the CoinRPC notice ID by the reply to a call that the device signed.")
@click.argument("id_", metavar="ID")
@click.option("--call", required=True, metavar="ID", help="The payment id of the call.")
def confirm(desk: Desk, id_: str, call: str) -> Shown:
    """Only what agrees in all that both tell is confirmed."""
    with desk.host() as host, host.ledger.writing() as db:
        stored = confirming.confirm(db, id_, call)
    data: dict[str, Json] = {"id": stored.id.hex(), "state": State.CONFIRMED.value}
    return Shown(data, f"Confirmed: {stored.notice.subject}, {stored.notice.standing.words}.")


def _header(file: Path | None) -> bytes | None:
    return None if file is None else files.read_input(file, limits.WEBHOOK_HEAD_BYTES).strip()


def _row(stored: Stored) -> tuple[str, ...]:
    notice = stored.notice
    return (
        stored.id.hex()[:_SHORT],
        when(stored.received_at),
        notice.service.value,
        notice.account,
        notice.subject,
        f"{notice.status} {notice.standing.words}",
        notice.state.value,
    )


def _facts(stored: Stored) -> dict[str, Json]:
    notice = stored.notice
    return {
        "id": stored.id.hex(),
        "received_at": stored.received_at,
        "service": notice.service.value,
        "account": notice.account,
        "about": notice.subject,
        "status": notice.status,
        "words": notice.standing.words,
        "state": notice.state.value,
    }


for _command in (webhooks_serve.serve, list_, show, verify, confirm, webhooks_secret.group):
    group.add_command(_command)
