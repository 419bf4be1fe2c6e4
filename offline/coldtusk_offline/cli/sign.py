"""``sign``: the main job of the device."""

from pathlib import Path

import click

from coldtusk_offline.answer import Answer, answer
from coldtusk_offline.cli import opening
from coldtusk_offline.ui.terminal import Terminal
from coldtusk_shared import envelope, file_errors, files, limits
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput
from coldtusk_shared.response import Signed
from coldtusk_shared.words import words_of


@click.command("sign")
@click.argument("request", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the response goes; a new file.")
@click.pass_context
def command(ctx: click.Context, request: Path, out: Path) -> None:
    """Review REQUEST, sign it, record it, write the response to --out.

    The same request again gives the same response.
    """
    message = _read(request)
    opening.require_free(out)
    terminal = Terminal()
    with opening.device(ctx, terminal) as device:
        given = answer(message, device, terminal)
        files.write_new(out, given.message)
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


def _tell(terminal: Terminal, given: Answer, out: Path) -> None:
    results = given.response.results
    signed = sum(isinstance(result, Signed) for result in results)
    head = given.response.receipt.head
    if given.again:
        terminal.show(f"This request was answered before: the same response is given again ({out}).")
    elif signed:
        terminal.show(f"Signed {signed} of {len(results)}. The response is {out}.")
    else:
        terminal.show(f"Refused; nothing was signed. The response says so: {out}.")
    terminal.show(f"Journal entry {head.sequence}, head: {words_of(head.hash)}")
