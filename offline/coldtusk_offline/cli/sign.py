"""``sign``: the main job of the device."""

from pathlib import Path

import click

from coldtusk_offline.answer import Answer, answer
from coldtusk_offline.cli import light, opening
from coldtusk_offline.ui.terminal import Terminal
from coldtusk_shared import envelope, file_errors, files, limits
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput
from coldtusk_shared.response import RefusedItem
from coldtusk_shared.words import words_of

_SHORT = 12


@click.command("sign")
@click.argument("request", type=click.Path(path_type=Path), required=False)
@light.SCAN
@click.option("--out", type=click.Path(path_type=Path), help="Where the response goes; a new file.")
@light.SHOW
@light.FPS
@click.pass_context
def command(
    ctx: click.Context, request: Path | None, source: str | None, out: Path | None, live: bool, fps: int
) -> None:
    """Review REQUEST or what --scan reads, sign it, record it, write the response to --out or --show it.

    The same request again gives the same response.
    """
    light.require_one(request, source, "REQUEST")
    message = b"" if request is None else _read(request)
    light.require_outlet(out, live=live)
    terminal = Terminal()
    if source is not None:
        message = light.scanned(source, MessageType.REQUEST)
    with opening.device(ctx, terminal) as device:
        given = answer(message, device, terminal)
        if out is not None:
            files.write_new(out, given.message)
    try:
        if live:  # the device is closed by then: a code may stand on the screen for long
            light.show(given.message, f"response {given.response.request_id.hex()[:_SHORT]}", fps)
    finally:
        _tell(terminal, given, out)


def _read(path: Path) -> bytes:
    """The message, read once, and its outside checked before a passphrase is asked for."""
    message = files.read_input(path, limits.MESSAGE_BYTES)
    found = envelope.read(message).type
    if found is not MessageType.REQUEST:
        raise BadInput(
            envelope.WRONG_TYPE, f"this is a {envelope.name(found)}, not a request", where=file_errors.place(path)
        )
    return message


def _tell(terminal: Terminal, given: Answer, out: Path | None) -> None:
    results = given.response.results
    signed = sum(not isinstance(result, RefusedItem) for result in results)
    head = given.response.receipt.head
    if given.again:
        where = "on the screen" if out is None else str(out)
        terminal.show(f"This request was answered before: the same response is given again ({where}).")
    elif signed:
        where = "The same request shows the response again" if out is None else f"The response is {out}"
        terminal.show(f"Signed {signed} of {len(results)}. {where}.")
    else:
        where = "the same request shows it again" if out is None else str(out)
        terminal.show(f"Refused; nothing was signed. The response says so: {where}.")
    terminal.show(f"Journal entry {head.sequence}, head: {words_of(head.hash)}")
