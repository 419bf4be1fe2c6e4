"""CoinPayments on the review screen: the shared lines with this vault's label, totals, warnings, and what to type."""

from collections import Counter
from collections.abc import Sequence

from coldtusk_offline.contents import VaultContents
from coldtusk_offline.history import History
from coldtusk_offline.services.coinpayments import phrases, warn
from coldtusk_offline.services.coinpayments.sign import account, content_of, intent
from coldtusk_shared import command_screen
from coldtusk_shared.request import Item
from coldtusk_shared.risk import Risk
from coldtusk_shared.screen import Line, line, quotation
from coldtusk_shared.services.coinpayments import describe


def lines(item: Item, contents: VaultContents) -> list[Line]:
    """Every field, and the account by this vault's label."""
    return describe.describe(content_of(item), f"own account {quotation(account(item, contents).label)}")


def warnings(item: Item, history: History, _contents: VaultContents) -> list[str]:
    """What to look at first."""
    content = content_of(item)
    return [*warn.of_call(content), *warn.of_rows(content), *_again(item, history)]


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
    before = history.intents.get(intent(item))
    if before is None:
        return []
    return [f"journal entry {before.sequence} signed the same already: this would pay a SECOND time"]
