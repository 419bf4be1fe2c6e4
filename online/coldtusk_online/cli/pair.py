"""``pair``: this host's card for the device, and the device's card pinned here after people compared words."""

from pathlib import Path

import click

from coldtusk_online.cli import light, options
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.options import PATH
from coldtusk_online.cli.output import Json, Shown
from coldtusk_online.host import Host
from coldtusk_online.ledger import accounts, devices, service_accounts
from coldtusk_online.ledger.service_accounts import shown
from coldtusk_shared import card, files
from coldtusk_shared.card import DeviceCard, HostCard
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.words import key_words

WORDS_DIFFER = Code("pair.words-differ", "compare again; if they really differ, the card is not that device's: stop")

_CARD = "host.card"


@options.command("pair", help="Give this host's card; or with DEVICE_CARD or --scan pin that device, after its words.")
@click.argument("device_card", type=PATH, required=False)
@light.SCAN
@click.option("--out", type=PATH, help=f"Where to write this host's card (default: {_CARD} in this folder).")
@light.QR
@light.FPS
@click.option("--words", help="The six words on the device's screen, instead of being asked for them.")
def command(
    desk: Desk,
    device_card: Path | None,
    source: str | None,
    out: Path | None,
    *,
    live: bool,
    fps: int,
    words: str | None,
) -> Shown:
    """The words are typed from the device's screen and shown here only then: nobody nods at two equal lines."""
    if sum((device_card is not None, source is not None, live)) > 1:
        raise click.UsageError("give one of DEVICE_CARD, --scan SOURCE and --qr")
    if live:
        return _show_card(desk, out, fps)
    if device_card is None and source is None:
        return _write_card(desk, out or Path(_CARD))
    desk.settings()  # before anybody holds a camera
    opened = card.open_device(light.message(device_card, source, MessageType.DEVICE_CARD))
    with desk.host() as host:
        _compare(opened, words)
        return _pin(host, opened)


def _write_card(desk: Desk, out: Path) -> Shown:
    label, message, words = _sealed(desk)
    files.write_new(out, message)
    text = (
        f"The card of {label} is in {out}.\nKey words   {words}\n"
        f"Next: on the device `coldtusk-offline pair {out.name} --out DEVICE_CARD`, and type these six words there.\n"
        "      Then here `coldtusk-online pair DEVICE_CARD`."
    )
    return Shown({"label": label, "card": str(out), "words": words}, text)


def _show_card(desk: Desk, out: Path | None, fps: int) -> Shown:
    """On the terminal, and into a file only if one is named."""
    light.check_terminal()
    label, message, words = _sealed(desk)
    if out is not None:
        files.write_new(out, message)
    light.show(message, f"card of {label}", fps)
    text = (
        f"The card of {label} was shown.\nKey words   {words}\n"
        "Next: on the device `coldtusk-offline pair --scan camera --show`, and type these six words there.\n"
        "      Then here `coldtusk-online pair --scan camera`."
    )
    return Shown({"label": label, "card": None if out is None else str(out), "words": words}, text)


def _sealed(desk: Desk) -> tuple[str, bytes, str]:
    """This host's label, its sealed card, and its words."""
    with desk.host() as host:
        message = card.seal_host(HostCard(host.identity.public_key, host.label), host.identity)
        return host.label, message, key_words(host.identity.public_key)


def _compare(opened: DeviceCard, typed: str | None) -> None:
    if typed is None:
        click.echo(f'The card names itself "{opened.label}".', err=True)
        typed = str(click.prompt("Type the six words on the device's screen", err=True))
    if typed.lower().split() != key_words(opened.public_key).split():
        raise Refused(WORDS_DIFFER, "these are not the words of the key on this card", where="words")


def _next(*, has_keys: bool, systems: list[str]) -> str:
    """A command that the device's accounts can be used with."""
    if has_keys or not systems:
        return "Next: `coldtusk-online warthog transfer --from LABEL --to ADDRESS --amount 1` builds a payment."
    return f"Next: `coldtusk-online {systems[0]} --help` lists the calls of {systems[0]}."


def _pin(host: Host, opened: DeviceCard) -> Shown:
    with host.ledger.writing() as db:
        kid = devices.pin(db, opened, host.clock())
        taken = accounts.take_over(db, opened.accounts, kid)
        services = service_accounts.take_over(db, opened.services, kid)
    lines = [f"  {one.label}  {one.network.value}  {one.address.text}" for one in taken]
    lines += [f"  {one.label}  {one.system}  {shown(one.account)}" for one in services]
    found: list[Json] = [
        {"label": one.label, "network": one.network.value, "address": one.address.text} for one in taken
    ]
    called: list[Json] = [{"label": one.label, "system": one.system, "account": shown(one.account)} for one in services]
    head: Json = {"sequence": opened.head.sequence, "hash": opened.head.hash.hex()}
    words = key_words(opened.public_key)
    text = "\n".join(
        [
            f"Paired with {opened.label}.",
            f"Key words   {words}",
            f"Journal     {opened.head.sequence} entries",
            f"Accounts    {len(taken) + len(services)}",
            *lines,
            _next(has_keys=bool(taken), systems=[one.system for one in services]),
        ]
    )
    return Shown({"device": opened.label, "words": words, "journal": head, "accounts": found, "services": called}, text)
