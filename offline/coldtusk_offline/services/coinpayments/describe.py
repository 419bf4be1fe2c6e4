"""CoinPayments on the review screen: the shared lines with this vault's label, totals, warnings, and what to type."""

from collections import Counter
from collections.abc import Sequence

from coldtusk_offline.contents import VaultContents
from coldtusk_offline.history import History
from coldtusk_offline.services.coinpayments import phrases, warn
from coldtusk_offline.services.coinpayments.sign import content_of, intent, parts
from coldtusk_shared import command_screen
from coldtusk_shared.request import Item
from coldtusk_shared.risk import Risk
from coldtusk_shared.screen import Line, line, quotation
from coldtusk_shared.services.coinpayments import describe, mass
from coldtusk_shared.services.coinpayments.values import SYSTEM


def lines(item: Item, contents: VaultContents) -> list[Line]:
    """Every field, and the account by this vault's label; without one where it is not here (``inspect``)."""
    labels = [one.label for one in contents.services if one.key == (SYSTEM, item.account)]
    return describe.describe(content_of(item), *(f"own account {quotation(label)}" for label in labels))


def warnings(item: Item, history: History, _contents: VaultContents) -> list[str]:
    """What to look at first; a second payment before all else, since of many warnings the first stand at the prompt."""
    content = content_of(item)
    return [*_again(item, history), *warn.of_call(content), *warn.of_rows(content)]


def totals(items: Sequence[Item]) -> list[Line]:
    """The calls by command, and what all of them come to by currency."""
    contents = [content_of(item) for item in items]
    kinds = Counter(describe.words(content) for content in contents)
    values = [value for content in contents for value in content.values()]
    return [line("All items", *(f"{count} x {kind}" for kind, count in kinds.items())), *command_screen.totals(values)]


def phrase(item: Item) -> str:
    """What to type to sign *item* alone, by command."""
    return phrases.of_call(content_of(item))


def _again(item: Item, history: History) -> list[str]:
    """The same payment under another id: a nonce of its own would make it a second one."""
    if content_of(item).risk is not Risk.MOVES_MONEY or item.payment_id in history.payments:
        return []
    before = history.intents.get(intent(item)) or history.parts.get(intent(item))
    if before is None:
        return _rows_again(item, history)
    return [f"journal entry {before.sequence} signed the same already: this would pay a SECOND time"]


def _rows_again(item: Item, history: History) -> list[str]:
    """Rows that were paid before, alone or in another mass withdrawal, by the entry that did."""
    found: dict[int, list[str]] = {}
    for number, part in enumerate(parts(item), 1):
        before = history.parts.get(part) or history.intents.get(part)
        if before is not None:
            found.setdefault(before.sequence, []).append(mass.name(number))
    return [
        f"journal entry {sequence} signed the same as {', '.join(names)} already: this would pay a SECOND time"
        for sequence, names in found.items()
    ]
