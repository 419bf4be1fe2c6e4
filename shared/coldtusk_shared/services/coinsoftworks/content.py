"""One coinsoftworks item: a call of the document, or an action with its parameters.

This leaf of a system's folder is what :mod:`coldtusk_shared.services` loads.
"""

from dataclasses import dataclass

from coldtusk_shared import cbor, forms, limits, typed_table, value
from coldtusk_shared.cbor import Encodable, Value
from coldtusk_shared.command import Command
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.mapreader import WRONG_LENGTH, WRONG_TYPE, MapReader
from coldtusk_shared.risk import Risk
from coldtusk_shared.services import UNKNOWN_KIND
from coldtusk_shared.services.coinsoftworks.commands import COMMANDS, EXECUTE
from coldtusk_shared.text import quoted

PARAMETERS = Code(
    "coinsoftworks.parameters", "give each field of the action once, as its name and the text that the service gets"
)

SYSTEM = "coinsoftworks"
ACCOUNT_BYTES = 16
"""Random, made when the token is enrolled."""
_PAIR = 2

Parameters = tuple[tuple[str, str], ...]
"""Names and the texts that the service gets, in the order in which they were given."""


@dataclass(frozen=True, slots=True)
class CoinsoftworksContent:
    """One call of one account; *action* and *parameters* are those of ``execute``."""

    account: bytes
    command: Command
    action: str = ""
    parameters: Parameters = ()

    @property
    def kind(self) -> str:
        """``coinsoftworks/`` and the command."""
        return f"{SYSTEM}/{self.command.name}"

    @property
    def scope(self) -> str:
        """The service has no networks."""
        return SYSTEM

    @property
    def not_after(self) -> None:
        """The service knows no deadline: the host chooses."""
        return

    @property
    def slot(self) -> tuple[str, bytes, bytes]:
        """The call: two equal ones in one request are a slip."""
        return (self.kind, self.account, cbor.encode([self.action, [list(pair) for pair in sorted(self.parameters)]]))

    @property
    def risk(self) -> Risk:
        """Of an action the worst, since its own is known to the device's table alone."""
        return self.command.risk

    @property
    def releases(self) -> bool:
        """Always: ``authenticate`` holds the token, and any path may hold the account's API key.

        Whether a key was enrolled is known to the vault alone, and what is encrypted must not depend on it.
        """
        return True

    def values(self) -> tuple[value.Value, ...]:
        """None that is known: what an action's fields mean, its operator's table says to people only."""
        return ()

    def intent(self) -> list[Encodable]:
        """Which call of which account; the order of an action's parameters says nothing, nor do an amount's zeros."""
        alike: list[Encodable] = [[name, forms.alike(text)] for name, text in sorted(self.parameters)]
        return [self.kind, self.account, self.action, alike]

    def fields(self) -> dict[int, Encodable]:
        """As the CDDL has them."""
        if self.command is not EXECUTE:
            return {}
        return {1: self.action, 2: [list(pair) for pair in self.parameters]}

    def evidence(self) -> dict[int, Encodable]:
        """There is none."""
        return {}


def parse(kind: str, account: bytes, fields: Value, evidence: Value, where: str) -> CoinsoftworksContent:
    """One item's content. Whether the action is enrolled and its parameters fit, the device's table says.

    :raises BadInput: ``kind.not-supported``, ``coinsoftworks.parameters``, and what the readers raise.
    """
    system, _, name = kind.partition("/")
    if system != SYSTEM or name not in COMMANDS:
        raise BadInput(UNKNOWN_KIND, f"{quoted(kind)} is no call of coinsoftworks", where=f"{where}.kind")
    if len(account) != ACCOUNT_BYTES:
        raise BadInput(WRONG_LENGTH, f"{len(account)} bytes, not {ACCOUNT_BYTES}", where=f"{where}.account")
    MapReader(evidence, f"{where}.evidence").done()
    reader = MapReader(fields, f"{where}.fields")
    if COMMANDS[name] is not EXECUTE:
        reader.done()
        return CoinsoftworksContent(account, COMMANDS[name])
    action = str(typed_table.NAME.read(reader.value(1, "action"), reader.path("action")))
    values = reader.array(2, "parameters", limits.TABLE_FIELDS)
    reader.done()
    parameters = tuple(_parameter(one, reader.path(f"parameters[{place}]")) for place, one in enumerate(values))
    return execute(account, action, parameters, reader.path("parameters"))


def execute(account: bytes, action: str, parameters: Parameters, where: str = "parameters") -> CoinsoftworksContent:
    """An action with its *parameters*, whose names and texts have been read.

    :raises BadInput: ``coinsoftworks.parameters`` for one that is given twice.
    """
    if len({name for name, _ in parameters}) != len(parameters):
        raise BadInput(PARAMETERS, "a field is given twice", where=where)
    return CoinsoftworksContent(account, EXECUTE, action, parameters)


def parameter(name: Value, text: Value, where: str) -> tuple[str, str]:
    """One parameter: a name as tables have them, and a text without control or format characters."""
    return str(typed_table.NAME.read(name, where)), str(forms.text().read(text, where))


def _parameter(value: Value, where: str) -> tuple[str, str]:
    if type(value) is not list:
        raise BadInput(WRONG_TYPE, "not an array", where=where)
    if len(value) != _PAIR:
        raise BadInput(PARAMETERS, f"{len(value)} entries, not a name and a text", where=where)
    return parameter(value[0], value[1], where)
