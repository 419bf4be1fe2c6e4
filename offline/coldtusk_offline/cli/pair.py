"""``pair``: people compare words on two screens, then a host's key is pinned."""

import time
from pathlib import Path

import click

from coldtusk_offline import home as homes
from coldtusk_offline.cli import light, opening
from coldtusk_offline.cli.card import card_of, hand_over
from coldtusk_offline.contents import Host
from coldtusk_offline.device import Device
from coldtusk_offline.ui.terminal import Terminal
from coldtusk_shared import card, files, limits, words
from coldtusk_shared.card import HostCard
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.screen import line, quotation, render
from coldtusk_shared.text import check_label

OTHER_WORDS = Code(
    "pair.words", "do not pair: compare the six words with the host's screen once more, then start again"
)

TRIES = 3


@click.command("pair")
@click.argument("host_card", type=click.Path(path_type=Path), required=False)
@light.SCAN
@click.option("--out", type=click.Path(path_type=Path), help="Where this device's card goes; a new file.")
@light.SHOW
@light.FPS
@click.pass_context
def command(
    ctx: click.Context, host_card: Path | None, source: str | None, out: Path | None, live: bool, fps: int
) -> None:
    """Pin the online half of HOST_CARD, or of what --scan reads; write this device's card to --out or --show it."""
    light.require_one(host_card, source, "HOST_CARD")
    host = None if host_card is None else _opened(files.read_input(host_card, limits.MESSAGE_BYTES))
    light.require_outlet(out, live=live)
    terminal = Terminal()
    if host is None:
        host = _opened(light.scanned(source or "", MessageType.HOST_CARD))
    with opening.device(ctx, terminal) as device:
        _pin(terminal, device, host)
        sealed = card_of(device)
    hand_over(terminal, sealed, out, fps if live else None)


def _opened(message: bytes) -> HostCard:
    host = card.open_host(message)
    check_label(host.label, "card.label")
    return host


def _pin(terminal: Terminal, device: Device, host: HostCard) -> None:
    """Pin *host* once people compared its words."""
    paired = next((one for one in device.vault.contents.hosts if one.public_key == host.public_key), None)
    if paired is not None:
        terminal.show(f"{quotation(paired.label)} is paired already.")
        return
    _compare(terminal, host)
    homes.pin_host(device, Host(host.public_key, host.label, int(time.time())))
    terminal.show(f"Paired with {quotation(host.label)}.")


def _compare(terminal: Terminal, host: HostCard) -> None:
    """Have the six words typed from the host's screen: what is on this card alone proves nothing."""
    expected = words.key_words(host.public_key)
    terminal.show(render([line("The card", f"says that it is of {quotation(host.label)}")]))
    terminal.show("That machine's own screen shows six words (coldtusk-online pair).")
    terminal.show("Type them here, read from that screen.")
    for _ in range(TRIES):
        if " ".join(terminal.ask("words> ").split()) == expected:
            return
        terminal.show("These are not the words of the key on this card.")
    raise Refused(OTHER_WORDS, "the words typed are not those of the card")
