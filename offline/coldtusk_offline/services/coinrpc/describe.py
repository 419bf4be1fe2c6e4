"""CoinRPC on the review screen: the shared lines with this vault's label and table, warnings, totals, what to type."""

from collections import Counter
from collections.abc import Sequence

from coldtusk_offline.contents import VaultContents
from coldtusk_offline.history import History
from coldtusk_offline.services.coinrpc import settings
from coldtusk_offline.services.coinrpc.sign import content_of, intent
from coldtusk_shared import command_screen
from coldtusk_shared.command import Command
from coldtusk_shared.plain_decimal import exact_text
from coldtusk_shared.request import Item
from coldtusk_shared.risk import Risk
from coldtusk_shared.screen import Line, line
from coldtusk_shared.services.coinrpc import describe, methods, values
from coldtusk_shared.services.coinrpc.content import CoinRpcContent

_LAST = 4
_METHOD = 24
_WORD = 12
"""A phrase stays on one row, but for amounts of thirty digits; all of the method stands above it."""


def lines(item: Item, contents: VaultContents) -> list[Line]:
    """Every parameter, typed as the account's table has it, with the labels of this vault's own accounts."""
    names = {one.account: one.label for one in contents.services if one.system == values.SYSTEM}
    return describe.describe(content_of(item), names, _known(item, contents))


def warnings(item: Item, history: History, contents: VaultContents) -> list[str]:
    """What to look at first."""
    content, known = content_of(item), _known(item, contents)
    found = []
    if known is None:
        found.append(f"the method {content.method} is not in the table of this account: nothing is known of it")
    if known is None or known.risk is Risk.MOVES_MONEY:
        found += [
            f"the service may carry it out MORE THAN ONCE within the {content.window} s of its window",
            *_again(item, history),
        ]
    return found


def totals(items: Sequence[Item]) -> list[Line]:
    """The calls by method, and what those that are not known to read come to."""
    contents = [content_of(item) for item in items]
    kinds = Counter(content.method for content in contents)
    moved = [value for content in contents for value in content.values()]
    return [line("All items", *(f"{count} x {kind}" for kind, count in kinds.items())), *command_screen.totals(moved)]


def phrase(item: Item) -> str:
    """What to type: what is asked, or what is called with how much to whom."""
    content = content_of(item)
    if content.risk is Risk.READS:
        return " ".join(["ask", content.method, *(text for _, text in content.params)])
    return " ".join(["call", content.method[:_METHOD], *(_moved(content) or _first(content))])


def _known(item: Item, contents: VaultContents) -> Command | None:
    """The method as the account's table has it; the built-in ones alone where the account is not here (``inspect``)."""
    held = next((one for one in contents.services if one.key == (values.SYSTEM, item.account)), None)
    known = methods.BUILT_IN if held is None else settings.methods_of(held)
    return known.get(content_of(item).method)


def _again(item: Item, history: History) -> list[str]:
    """The same call under another id: the service does not know that it is the same."""
    before = history.intents.get(intent(item))
    if before is None or item.payment_id in history.payments:
        return []
    sent = describe.moment(content_of(before.item).send_at)
    return [f"journal entry {before.sequence} signed the same for {sent}: if that was sent, this pays a SECOND time"]


def _moved(content: CoinRpcContent) -> list[str]:
    amount, payee = values.amount(content.params), values.payee(content.params)
    found = [] if amount is None else [exact_text(amount)]
    found += (values.currency(content.params) or "")[:_WORD].split()
    if payee is not None and payee.split():
        found += ["to", payee.split()[-1][-_LAST:]]
    return found


def _first(content: CoinRpcContent) -> list[str]:
    """Words of the first parameter: a method that nobody described has no better ones."""
    return content.params[0][1][:_WORD].split() if content.params else []
