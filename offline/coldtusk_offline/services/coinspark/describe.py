"""CoinSpark on the review screen: the shared lines with this vault's labels, warnings, totals, and what to type."""

from collections.abc import Sequence

from coldtusk_offline.contents import VaultContents
from coldtusk_offline.history import History
from coldtusk_offline.services.coinspark.sign import content_of, intent
from coldtusk_shared import command_screen, plain_decimal
from coldtusk_shared.request import Item
from coldtusk_shared.screen import Line, line
from coldtusk_shared.services.coinspark import describe
from coldtusk_shared.services.coinspark.content import SYSTEM, CoinSparkContent

USUAL_COST_E8 = 20_000
"""What one creation costs by default (the service's document)."""
_COST_TIMES = 10
_LAST = 4


def lines(item: Item, contents: VaultContents) -> list[Line]:
    """Every parameter, with the labels of this vault's own accounts."""
    names = {one.account: one.label for one in contents.services if one.system == SYSTEM}
    return describe.describe(content_of(item), names)


def warnings(item: Item, history: History, _contents: VaultContents) -> list[str]:
    """What to look at first."""
    content = content_of(item)
    return [*_again(item, content, history), *_rounding(content), *_charges(content), *_cost(content), *_web(content)]


def totals(items: Sequence[Item]) -> list[Line]:
    """How many assets, and the bitcoin that all of them cost."""
    values = [value for item in items for value in content_of(item).values()]
    return [line("All items", f"{len(items)} assets"), *command_screen.totals(values)]


def phrase(item: Item) -> str:
    """What to type: what is really created, and for whom."""
    asset = content_of(item).asset
    return f"create {asset.genesis.quantity.actual} units for {asset.address.text[-_LAST:]}"


def _rounding(content: CoinSparkContent) -> list[str]:
    """What is made otherwise than it was asked, because the chain holds few digits only."""
    genesis = content.asset.genesis
    found = []
    for name, what, rounded in (
        ("raw_quantity", "the quantity", genesis.quantity),
        ("charge_flat_raw_qty", "the flat charge", genesis.flat),
    ):
        requested = int(content.given.get(name, 0))
        if describe.changed(requested, rounded):
            found.append(f"{what} becomes {rounded.actual}: {requested} cannot be held by the chain")
    return found


def _charges(content: CoinSparkContent) -> list[str]:
    genesis = content.asset.genesis
    if genesis.flat.actual >= genesis.quantity.actual:
        return ["the flat charge of one transfer is as much as there is of the asset"]
    return []


def _web(content: CoinSparkContent) -> list[str]:
    found = [] if content.asset.url.https else ["the asset's page is http: whoever is on the way can change it"]
    if str(content.given["contract_url"]).startswith("http:"):
        found.append("the contract's address is http: whoever is on the way can change it")
    return found


def _cost(content: CoinSparkContent) -> list[str]:
    cost = content.asset.send_e8 + content.asset.fee_e8
    if cost > _COST_TIMES * USUAL_COST_E8:
        usual = plain_decimal.scaled_text(USUAL_COST_E8, 8).rstrip("0")
        return [f"it costs {cost // USUAL_COST_E8} times the usual {usual} BTC"]
    return []


def _again(item: Item, content: CoinSparkContent, history: History) -> list[str]:
    """The same asset under another payment id, or another asset on the same page."""
    before = history.intents.get(intent(item))
    if before is not None:
        return [f"journal entry {before.sequence} released the key for the same asset: it would cost a SECOND time"]
    earlier = history.released.get(content.slot)
    if earlier is not None:
        return [f"journal entry {earlier.sequence} released the key for another asset with this page: it serves one"]
    return []
