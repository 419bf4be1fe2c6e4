"""The page of the manual that lists every command of the payment services, made from click and the shared tables.

``python tests/boundary/service_commands.py docs/manual/service-commands.md`` writes it anew (``make docs-commands``).
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import click

if __package__ in {None, ""}:  # started as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from coldtusk_shared.command import Command as Call
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.coinpayments.commands import BURN
from coldtusk_shared.services.coinpayments.commands import COMMANDS as COINPAYMENTS
from coldtusk_shared.services.coinrpc.methods import BUILT_IN
from coldtusk_shared.services.coinsoftworks.commands import COMMANDS as COINSOFTWORKS
from coldtusk_shared.services.coinsoftworks.commands import EXECUTE
from coldtusk_shared.services.coinspark.commands import COMMANDS as COINSPARK
from tests.boundary import pages
from tests.boundary.pages import Command

CALLS: Final[Mapping[str, Mapping[str, Call]]] = MappingProxyType(
    {
        "coinpayments": {**COINPAYMENTS, "burn": BURN},
        "coinrpc": BUILT_IN,
        "coinspark": COINSPARK,
        "coinsoftworks": COINSOFTWORKS,
    }
)
"""By group, what the service is asked for by each command that is one of the shared tables."""
SHARED_TITLE: Final = "Options of all requests"
_NAMES: Final = MappingProxyType(
    {"coinpayments": "CoinPayments", "coinrpc": "CoinRPC", "coinspark": "CoinSpark", "coinsoftworks": "coinsoftworks"}
)
_EVERYWHERE: Final = frozenset({"--json", "--config", "--data"})
_NO_REQUEST: Final = "no request"
_BY_TABLE: Final = "as the device's table says; moves money where it says nothing"
_BY_TABLE_ALONE: Final = "as the device's table says; what is not in it is refused"
_BESIDE: Final = "; the `authenticate` that it brings along releases a secret"
_HEAD: Final = """# Commands of the payment services

Every command of `coldtusk-online` for a payment service, with its risk and its options. What they are for, and what
to do when something goes wrong, stands in [coinpayments.md](coinpayments.md), [coinrpc.md](coinrpc.md),
[coinspark.md](coinspark.md) and [coinsoftworks.md](coinsoftworks.md). This page is made from the tables of both halves
and from the commands themselves by `make docs-commands`.

The risk is what the device's screen says first. **Reads**: it tells something. **Changes**: it changes something at
the service. **Moves money**: it pays, converts, buys, or says where others pay to. **Releases a secret**: the answer
holds a secret, encrypted for this host. "No request" means that nothing crosses the gap. Fields are sent in the order
in which they stand here; what is left out is not sent, unless the command's page says otherwise. Every command takes
`--json`, `--config` and `--data` too.
"""
_SHARED_HEAD: Final = "Whatever makes a request takes these. They are not repeated below."


def page() -> str:
    """The text of docs/manual/service-commands.md."""
    found = commands()
    parts = [_HEAD, *_overviews(found), _section(SHARED_TITLE, _SHARED_HEAD, _table(_shared(found)))]
    return "\n".join([*parts, *(_described(one, _shared(found)) for one in found)])


def commands() -> list[Command]:
    """Every command of the services' groups."""
    return [one for one in pages.commands("online") if one.words[0] in CALLS]


def call_of(command: Command) -> Call | None:
    """What *command* asks the service for, where a shared table says it."""
    if command.words[1] == "ask":
        return COINPAYMENTS[command.words[2].replace("-", "_")]
    return CALLS[command.words[0]].get(command.words[1].replace("-", "_"))


def risk_of(command: Command) -> str:
    """The risk in words; a question by a key that only reads crosses no gap."""
    call = call_of(command)
    if not _makes_request(command):
        return _NO_REQUEST
    if call is None:
        return _BY_TABLE
    known = _BY_TABLE_ALONE if call is EXECUTE else call.risk.value
    return known + (_BESIDE if command.words[0] == "coinsoftworks" else "")


def _overviews(found: Iterable[Command]) -> Iterator[str]:
    for group, name in _NAMES.items():
        own = sorted((one for one in found if one.words[0] == group), key=_by_risk)
        rows = [f"| `{one.title}` | {risk_of(one)} |" for one in own]
        yield _section(f"At a glance: {name}", "", ["| command | risk |", "|---|---|", *rows])


def _by_risk(command: Command) -> int:
    """From what does nothing at the service to what cannot be taken back."""
    call = call_of(command)
    if not _makes_request(command):
        return len(Risk)
    return len(Risk) - 1 if call is None else list(Risk).index(call.risk)


def _described(command: Command, shared: list[click.Parameter]) -> str:
    names = {parameter.name for parameter in shared} if _makes_request(command) else set()
    own = [one for one in _parameters(command) if one.name not in names]
    return _section(command.title, _words(command), _table(own) if own else [])


def _words(command: Command) -> str:
    call = call_of(command)
    said = [_sentence(command.itself.help or "")]
    if _makes_request(command):
        said.append(f"Risk: {risk_of(command)}.")
    if call is not None and _makes_request(command):
        said.append(f"At the service: `{call.name}`.")
    said += [f"Exactly one of {_listed(group)} is given." for group in (call.one_of if call else ())]
    return "\n".join(said)


def _sentence(text: str) -> str:
    plain = " ".join(text.split()).replace("|", "\\|")
    return plain if plain.endswith(".") else f"{plain}."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`--{name.replace('_', '-')}`" for name in names)


def _makes_request(command: Command) -> bool:
    return {"--from", "--valid"} <= command.options()


def _shared(found: Iterable[Command]) -> list[click.Parameter]:
    """What all commands have that make a request, in the order of the first."""
    made = [_parameters(one) for one in found if _makes_request(one)]
    names = set.intersection(*({one.name for one in parameters} for parameters in made))
    return [one for one in made[0] if one.name in names]


def _parameters(command: Command) -> list[click.Parameter]:
    return [one for one in command.itself.params if not _EVERYWHERE & set(one.opts)]


def _section(title: str, words: str, table: list[str]) -> str:
    parts = [f"## {title}", words, "\n".join(table)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(parameters: Iterable[click.Parameter]) -> list[str]:
    return ["| option | meaning |", "|---|---|", *map(_row, parameters)]


def _row(parameter: click.Parameter) -> str:
    if not isinstance(parameter, click.Option):
        return f"| `{parameter.metavar or parameter.name}` | what the command is about |"
    written = "/".join((*parameter.opts, *parameter.secondary_opts))
    shown = f"{written} {_metavar(parameter)}".rstrip()
    return f"| `{shown}` | {_meaning(parameter)} |".replace("\n", " ")


def _metavar(option: click.Option) -> str:
    if option.is_flag:
        return ""
    number = isinstance(option.type, click.IntRange)
    return option.metavar or ("N" if number else option.type.name.upper())


def _meaning(option: click.Option) -> str:
    words = _sentence(option.help or "")
    if option.required and "Required" not in words:
        words += " Required."
    if option.show_default and not option.is_flag:
        words += f" Default: {option.default}."
    return words + (" May be repeated." if option.multiple else "")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
