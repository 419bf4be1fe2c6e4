"""Sending an approved creation: once, over https, and the look at what was made.

The body is decrypted only to be sent. Whatever is not a documented refusal may have created the asset: it is never sent
again, and stays unknown until the operator settles it (facts: Failure rules).
"""

from collections.abc import Sequence

from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.states import State
from coldtusk_online.sending import GO, Gate, Heard, Ready, Way, dead, held
from coldtusk_online.services.coinspark import checking, record, replies, signature
from coldtusk_online.services.coinspark.build import content_of
from coldtusk_online.services.coinspark.checking import Checked
from coldtusk_online.services.coinspark.replies import Created, Failure
from coldtusk_shared.errors import Code, ColdtuskError, OutcomeUnknown, Outside, Refused
from coldtusk_shared.text import quoted

NEVER_AGAIN = Code(
    "coinspark.submit.never-again",
    "look at the account's balance and address in an explorer, then say it with `request settle`",
)
EXPIRED = Code("coinspark.submit.expired", "have it asked again with another expiry: nothing was sent")
UNCHECKED = Code(
    "coinspark.submit.unchecked", "the asset exists: `coldtusk-online coinspark asset ID` fetches and checks it again"
)
OTHERWISE = Code(
    "coinspark.submit.otherwise", "the asset exists, not as asked: ask the service, and publish no page of it yet"
)

_JSON = (("Content-Type", "application/json"),)


def gate(ready: Ready, _past: Sequence[Call], now: int) -> Gate:
    """A creation is sent once at most, and not when its asset would be expired already."""
    if ready.call.state is State.UNKNOWN:
        what = "it was sent, or about to be: it may have created the asset"
        return held(OutcomeUnknown(NEVER_AGAIN, what, where=ready.call.id.hex()))
    expiry = content_of(ready.item).asset.expiry
    if expiry is not None and expiry <= now:
        return dead(Refused(EXPIRED, "the asset would be expired when made", where=ready.call.id.hex()))
    return GO


def send(ready: Ready, way: Way) -> Heard:
    """Send it, and fetch and check what was made.

    :raises Outside: nothing was sent. :raises OutcomeUnknown: ``http.outcome-unknown``, ``coinspark.reply.unclear``.
    """
    call = signature.call_of(ready.item, ready.output)
    base, path = way.settings.endpoint(way.account)
    reply = way.http.call(base, path, headers=_JSON, body=call.body, statuses=replies.STATUSES)
    found = replies.read(reply, ready.item.payment_id, call.key)
    return _rejected(found, ready) if isinstance(found, Failure) else _created(found, ready, way, call.key)


def _rejected(failure: Failure, ready: Ready) -> Heard:
    words = f", {failure.words}" if failure.words else ""
    what = f"the service refuses with error {failure.number}{words}"
    return Heard(State.REJECTED, what, error=Outside(failure.code, what, where=ready.item.payment_id.hex()))


def _created(created: Created, ready: Ready, way: Way, key: str) -> Heard:
    """It happened, whatever comes now: what cannot be checked or is otherwise is told beside it."""
    checked, error = _check(created, ready, way, key)
    kept = record.write(created, checked, key)
    note = "created, not checked" if checked is None else "created, its hash computed"
    if checked is not None:
        way.tell(f"Genesis transaction {created.txid}: its OP_RETURN must be {checked.made.script.hex()}")
    return Heard(State.CONFIRMED, note, created.txid, kept, error)


def _check(created: Created, ready: Ready, way: Way, key: str) -> tuple[Checked | None, ColdtuskError | None]:
    base, _ = way.settings.endpoint(way.account)
    where = ready.item.payment_id.hex()
    try:
        checked = checking.check(content_of(ready.item), created, way.http, base)
    except ColdtuskError as error:
        return None, Outside(UNCHECKED, f"the asset was created and not checked [{error.code.name}]", where=where)
    if not checked.differences:
        return checked, None
    return checked, Outside(OTHERWISE, said(checked, key), where=where)


def said(checked: Checked, key: str = "") -> str:
    """What is otherwise than asked, in the service's quoted words, unless the *key*, if it is at hand, is in them."""
    parts = (f"{one.name} is {quoted(one.answered)}, not {quoted(one.asked)}" for one in checked.differences)
    whole = f"the asset's page differs: {'; '.join(parts)}"
    return "the asset's page differs, and has the API key in it" if key and key in whole else whole
