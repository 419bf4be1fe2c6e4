"""``coinspark asset``: a created asset, checked again at any time, and what its publication needs."""

from dataclasses import dataclass
from pathlib import Path

import click

from coldtusk_online.cli import building, options
from coldtusk_online.cli.desk import Desk, http_client
from coldtusk_online.cli.options import PATH
from coldtusk_online.cli.output import Json, Shown
from coldtusk_online.ledger import calls, requests, service_accounts
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.ledger.states import State
from coldtusk_online.services.coinspark import chain, checking, record
from coldtusk_online.services.coinspark.build import content_of
from coldtusk_online.services.coinspark.checking import Checked
from coldtusk_online.services.coinspark.record import Record
from coldtusk_online.services.coinspark.submit import OTHERWISE, said
from coldtusk_shared import files
from coldtusk_shared.errors import BadInput, Code, ColdtuskError, Outside, Refused
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services.coinspark.content import SYSTEM, CoinSparkContent

NOT_CREATED = Code("coinspark.asset.not-created", "`coldtusk-online request list --all` shows where it stands")
CHANGED = Code("coinspark.asset.changed", "publish nothing: ask the service why its contract is another than before")


@dataclass(frozen=True, slots=True)
class _Found:
    """An asset of the ledger: who made it, what was asked, what was recorded."""

    account: ServiceAccount
    content: CoinSparkContent
    record: Record


@options.command("asset", help="Check the asset that payment ID created; write its page's JSON and its contract.")
@click.argument("payment_id", metavar="ID")
@click.option("--page", type=PATH, help="A new file for the JSON that goes into the asset's web page.")
@click.option("--contract", type=PATH, help="A new file for the contract, which goes to the address that you gave.")
@click.option("--genesis", metavar="HEX", help="The genesis transaction, or its OP_RETURN script, from an explorer.")
def asset(desk: Desk, payment_id: str, page: Path | None, contract: Path | None, genesis: str | None) -> Shown:
    """The contract is fetched again; what was recorded must still be so."""
    found = _find(desk, building.payment_id(payment_id))
    loaded = desk.settings()
    base, _ = loaded.endpoint(found.account)
    checked = checking.check(found.content, found.record.created, http_client(loaded), base)
    if found.record.metadata not in ("", checked.made.metadata.hex()):
        raise Refused(CHANGED, f"the asset's hash was {found.record.asset_hash}", where=payment_id)
    if genesis is not None:
        chain.check(checked.made, found.record.created.txid, genesis)
    for path, data in ((page, checked.page), (contract, checked.contract)):
        if path is not None:
            files.write_new(path, data)
    return _shown(found, checked, on_chain=genesis is not None)


def _find(desk: Desk, payment_id: PaymentId) -> _Found:
    with desk.host() as host, host.ledger.reading() as db:
        call = calls.find(db, payment_id)
        if call is None or call.system != SYSTEM or call.state is not State.CONFIRMED or call.reply is None:
            raise BadInput(NOT_CREATED, "the ledger has no asset that this payment id created", where="ID")
        item = requests.get(db, call.request).parsed().items[call.place]
        account = service_accounts.of_item(db, SYSTEM, item.account)
    if account is None:
        raise RuntimeError("a call of an account that the ledger does not know")
    return _Found(account, content_of(item), record.read(call.reply))


def _shown(found: _Found, checked: Checked, *, on_chain: bool) -> Shown:
    made, txid = checked.made, found.record.created.txid
    data: dict[str, Json] = {
        "txid": txid,
        "asset_hash": made.asset_hash.hex(),
        "metadata": made.metadata.hex(),
        "op_return": made.script.hex(),
        "on_chain": on_chain,
        "page": checked.page.decode("ascii"),
        "differences": [
            {"name": one.name, "asked": one.asked, "answered": one.answered} for one in checked.differences
        ],
    }
    seen = "The chain holds it." if on_chain else "Compare it with the transaction: --genesis HEX does that for you."
    text = "\n".join(
        [
            f"Genesis transaction  {txid}",
            f"Asset hash           {made.asset_hash.hex()}",
            f"Its OP_RETURN        {made.script.hex()}",
            seen,
        ]
    )
    return Shown(data, text, _error(checked))


def _error(checked: Checked) -> ColdtuskError | None:
    return Outside(OTHERWISE, said(checked), where="web_page_fields") if checked.differences else None
