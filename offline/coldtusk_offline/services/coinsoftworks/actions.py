"""The operator's table of actions: the service publishes none, so ``execute`` knows what is enrolled and nothing else.

In TOML a row is ``[[action]]`` with ``name``, ``risk`` and ``[[action.field]]`` (:mod:`coldtusk_shared.typed_table`),
the texts ``method`` and ``path``, and for its end ``poll_path``, ``poll_status``, ``done``, ``failed`` and ``poll_id``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from coldtusk_shared import command as commands
from coldtusk_shared import table_fields, typed_table
from coldtusk_shared.cbor import Encodable, Value
from coldtusk_shared.command import Command, Field, Fields
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.coinsoftworks import output, paths, poll
from coldtusk_shared.services.coinsoftworks.content import PARAMETERS, Parameters
from coldtusk_shared.services.coinsoftworks.poll import Poll
from coldtusk_shared.typed_table import Row, Shape

ACTION = Code(
    "coinsoftworks.action-row",
    "POST what does something, and say how it is polled; a GET only reads, without fields",
)

_POST, _GET = output.METHODS
_METHOD, _PATH = Field(1, "method", output.METHOD, required=True), Field(2, "path", paths.CALL, required=True)
SHAPE = Shape(
    "action",
    extra=(_METHOD, _PATH, *(Field(_PATH.key + one.key, one.name, one.form) for one in poll.FIELDS)),
)


@dataclass(frozen=True, slots=True)
class Action:
    """One enrolled action: its fields and risk, how it is called, and how it is followed."""

    row: Row
    command: Command
    method: str
    path: str
    poll: Poll | None

    @property
    def needs_key(self) -> bool:
        """Whether one of its paths has a place for the account's API key."""
        return paths.needs_key(self.path) or (self.poll is not None and paths.needs_key(self.poll.path))

    def values(self, parameters: Parameters, where: str) -> Fields:
        """What *parameters* say, in the order of the table; their texts are what the service gets.

        :raises BadInput: ``field.not-of-command``, ``.required``, ``.one-of``, and what the fields' forms raise.
        """
        given = {name: (self.command.field(name, where), text) for name, text in parameters}
        read = {name: table_fields.of_wire(field, text, f"{where}.{name}") for name, (field, text) in given.items()}
        commands.check(self.command, read, where)
        return MappingProxyType({one.name: read[one.name] for one in self.command.fields if one.name in read})


def of_toml(data: bytes, where: str) -> tuple[Action, ...]:
    """The actions in a TOML file.

    :raises BadInput: what :func:`typed_table.parse_toml` raises, and as :func:`decode`.
    """
    return _actions(typed_table.parse_toml(data, where, SHAPE), where)


def decode(value: Value, where: str) -> tuple[Action, ...]:
    """The actions as the vault keeps them.

    :raises BadInput: ``coinsoftworks.action-row``, ``coinsoftworks.poll``, and what :func:`typed_table.decode` raises.
    """
    return _actions(typed_table.decode(value, where, SHAPE), where)


def encode(actions: Sequence[Action]) -> list[Encodable]:
    """*actions* as the vault keeps them."""
    return typed_table.encode([one.row for one in actions], SHAPE)


def ordered(action: Action, parameters: Parameters) -> list[tuple[str, str]]:
    """*parameters* in the order of the table: so they stand in the body."""
    texts = dict(parameters)
    if len(texts) != len(parameters):
        raise BadInput(PARAMETERS, "a field is given twice", where="parameters")
    return [(one.name, texts[one.name]) for one in action.command.fields if one.name in texts]


def _actions(rows: Sequence[Row], where: str) -> tuple[Action, ...]:
    return tuple(_action(row, f"{where}.{SHAPE.rows}[{place}]") for place, row in enumerate(rows))


def _action(row: Row, where: str) -> Action:
    method, reads = row.extra[_METHOD.name], row.risk is Risk.READS
    if method == _GET and (row.columns or not reads):
        what = "it has fields" if row.columns else f"it {row.risk.value}"
        raise BadInput(ACTION, f"it is a GET, and {what}", where=where)
    plan = _plan(row.extra, where)
    if plan is None and not reads:
        raise BadInput(ACTION, f"it {row.risk.value}, and nothing says how it is polled", where=where)
    return Action(row, row.command, method, row.extra[_PATH.name], plan)


def _plan(extra: Mapping[str, str], where: str) -> Poll | None:
    texts = {one.name: extra[one.name] for one in poll.FIELDS if one.name in extra}
    return poll.make(texts, where) if texts else None
