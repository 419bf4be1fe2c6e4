"""From what an operator gives to the contents of a request, and an item on a screen."""

from collections.abc import Iterable, Sequence

from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_shared import typed_table
from coldtusk_shared.command import Command
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.request import Item
from coldtusk_shared.screen import Line, line, quotation
from coldtusk_shared.services.coinsoftworks import body
from coldtusk_shared.services.coinsoftworks import content as contents
from coldtusk_shared.services.coinsoftworks.commands import AUTHENTICATE, EXECUTE
from coldtusk_shared.services.coinsoftworks.content import SYSTEM, CoinsoftworksContent
from coldtusk_shared.text import quoted

FIELD = Code(
    "coinsoftworks.field", "write each as --field NAME=TEXT, the text as the service gets it: 1 and 0 for a flag"
)


def call(account: ServiceAccount, command: Command) -> CoinsoftworksContent:
    """A call without fields."""
    return CoinsoftworksContent(account.account, command)


def execute(account: ServiceAccount, action: str, fields: Iterable[str]) -> CoinsoftworksContent:
    """An action with *fields*, each ``name=text``. Whether the device's table has it, the device says.

    :raises BadInput: ``coinsoftworks.field``, ``coinsoftworks.parameters``, ``coinsoftworks.body-size``.
    """
    name = str(typed_table.NAME.read(action, "ACTION"))
    parameters = tuple(_field(text) for text in fields)
    body.of_action(parameters, "--field")
    return contents.execute(account.account, name, parameters, "--field")


def with_authentication(
    account: ServiceAccount, content: CoinsoftworksContent, *, authenticate: bool
) -> Sequence[CoinsoftworksContent]:
    """*content* behind the call that buys the bearer token for it, unless that is there already."""
    return [call(account, AUTHENTICATE), content] if authenticate else [content]


def lines(item: Item) -> list[Line]:
    """Every field of *item*. Path, order and risk of an action are on the device's screen: its table has them."""
    content = content_of(item)
    shown = [line("Do", f"{SYSTEM}: {content.command.name} -- {content.risk.value.upper()}")]
    if content.command is AUTHENTICATE:
        return [*shown, line("Releases", "the token: this host sees it, and buys a bearer token with it")]
    if content.command is not EXECUTE:
        return shown
    return [*shown, line("Action", content.action), *(line("Field", *_shown(*one)) for one in content.parameters)]


def content_of(item: Item) -> CoinsoftworksContent:
    """The item's content, which its kind says is coinsoftworks's."""
    if not isinstance(item.content, CoinsoftworksContent):
        raise RuntimeError(f"{item.content.kind} is not coinsoftworks's")
    return item.content


def _field(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise BadInput(FIELD, f"{quoted(text)} has no =", where="--field")
    return contents.parameter(name, value, "--field")


def _shown(name: str, text: str) -> tuple[str, str]:
    return name, quotation(text)
