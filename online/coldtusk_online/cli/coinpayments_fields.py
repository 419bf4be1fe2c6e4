"""Options for the fields of a command of CoinPayments, and the fields of what was typed."""

from collections.abc import Mapping

import click

from coldtusk_shared import command as commands
from coldtusk_shared.command import Command, Fields

_UNLESS = {"auto_confirm": " No, unless you say yes.", "note": " The payment's id, unless you write another."}


def parameters(command: Command) -> list[click.Parameter]:
    """An option a field, in reverse, as click's decorators collect them."""
    found: list[click.Parameter] = []
    for field in command.fields:
        need = " Required." if field.required else _UNLESS.get(field.name, "")
        name = field.name.replace("_", "-")
        flag = f"--field-{name}" if name == "from" else f"--{name}"
        found.append(
            click.Option([flag, _name(field.key)], metavar="VALUE", help=f"{_sentence(field.form.hint)}.{need}")
        )
    return found[::-1]


def typed(command: Command, given: Mapping[str, str | None]) -> Fields:
    """The fields of *command* in the options *given*.

    :raises BadInput: what :func:`commands.typed` raises.
    """
    pairs = [(field.name, text) for field in command.fields if (text := given[_name(field.key)]) is not None]
    return commands.typed(command, pairs, "--")


def _sentence(hint: str) -> str:
    return hint if hint.startswith("https") else hint[:1].upper() + hint[1:]


def _name(key: int) -> str:
    return f"field_{key}"
