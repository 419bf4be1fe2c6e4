"""From what an operator gives to the content of a call, and that on a screen."""

from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_shared.command import Fields
from coldtusk_shared.request import Item
from coldtusk_shared.screen import Line
from coldtusk_shared.services.coinspark import content as contents
from coldtusk_shared.services.coinspark import describe
from coldtusk_shared.services.coinspark.commands import ALWAYS_SENT
from coldtusk_shared.services.coinspark.content import CoinSparkContent


def content(account: ServiceAccount, given: Fields) -> CoinSparkContent:
    """The call for *given*; what is always sent and was not given gets the document's default.

    :raises BadInput: what :func:`asset.asset_of` raises.
    """
    return contents.make(account.account, {**ALWAYS_SENT, **given})


def lines(item: Item) -> list[Line]:
    """Every parameter that reaches the service, as the device shows it."""
    return describe.describe(content_of(item), {})


def content_of(item: Item) -> CoinSparkContent:
    """The item's content, which its kind says is CoinSpark's."""
    if not isinstance(item.content, CoinSparkContent):
        raise RuntimeError(f"{item.content.kind} is not CoinSpark's")
    return item.content
