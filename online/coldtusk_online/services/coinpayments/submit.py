"""Submitting one call of CoinPayments: the device's exact bytes, once, and what the service's words mean.

A refusal is final only if these bytes went out for the first time. When they go again, a refusal says nothing of the
first time, and a nonce that was used says that it arrived: the history tells (facts: Failure rules).
"""

from collections.abc import Callable, Sequence

from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.states import State
from coldtusk_online.sending import Gate, Heard, Ready, Step, Way, wait
from coldtusk_online.services.coinpayments import order, outcome, replies
from coldtusk_online.services.coinpayments.replies import Answer
from coldtusk_online.services.coinpayments.signature import content_of
from coldtusk_shared import limits
from coldtusk_shared.errors import Code, OutcomeUnknown, Refused
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.coinpayments import output as outputs
from coldtusk_shared.text import quoted

REFUSED = Code("coinpayments.refused", "nothing happened: see the service's own words")
NONCE_READ = Code(
    "coinpayments.nonce", "ask anew; if that is refused too, enrol the key again on the device with its last nonce"
)
NONCE_USED = Code(
    "coinpayments.nonce-used",
    "`coinpayments get-withdrawal-history` tells; if that is refused too, enrol the key again with its last nonce",
)
REFUSED_AGAIN = Code(
    "coinpayments.refused-again",
    "`coinpayments get-withdrawal-history` tells what became of it; send nothing new before",
)

FORM = "application/x-www-form-urlencoded"


def gate(ready: Ready, past: Sequence[Call], now: int) -> Gate:
    """Strictly by nonce (:mod:`.order`), and not while the service may still be working on what is in doubt.

    It does not process nonces atomically (facts: CoinPayments): the same bytes beside it could count twice, and a
    history could miss what comes a moment later.
    """
    found, until = order.gate(ready, past), ready.doubt + limits.COINPAYMENTS_DOUBT_SECONDS
    is_soon = 0 < ready.doubt <= now < until and any(map(order.is_in_doubt, past))
    return wait(until) if found.step is Step.GO and is_soon else found


def send(ready: Ready, way: Way) -> Heard:
    """Post the device's bytes and take the service's word.

    :raises Outside: if nothing was sent. :raises OutcomeUnknown: if it may have happened, and no reply came.
    """
    given = outputs.parse(ready.output)
    base, path = way.settings.endpoint(way.account)
    headers = (("Content-Type", FORM), ("HMAC", given.mac.hex()))
    reply = way.http.call(base, path, headers=headers, body=given.body)
    try:
        return _heard(ready, reply.body, way.tell)
    except OutcomeUnknown as error:  # the words that nobody understood are kept for the operator
        what = f"[{error.code.name}] {error.what}"
        return Heard(State.UNKNOWN, what, reply=reply.body, error=error)


def _heard(ready: Ready, reply: bytes, tell: Callable[[str], None]) -> Heard:
    answer = replies.read(reply)
    if answer.ok:
        return outcome.of_success(ready, answer.result, reply, tell)
    return _refused(ready, answer, reply)


def _refused(ready: Ready, answer: Answer, reply: bytes) -> Heard:
    """A no. Of what changes or pays it is final if the bytes went out for the first time, and their nonce was good."""
    words = f"the service said {quoted(answer.error)}"
    if content_of(ready.item).risk is Risk.READS:
        return _final(ready, NONCE_READ if answer.is_of_nonce else REFUSED, words, reply)
    if answer.is_of_nonce:
        return _unknown(ready, NONCE_USED, f"{words}: it arrived before, or something else uses this key", reply)
    if ready.call.state is State.UNKNOWN:
        return _unknown(ready, REFUSED_AGAIN, f"sent again, {words}, which says nothing of the first time", reply)
    return _final(ready, REFUSED, words, reply)


def _final(ready: Ready, code: Code, what: str, reply: bytes) -> Heard:
    return Heard(State.REJECTED, what, reply=reply, error=Refused(code, what, where=ready.call.id.hex()))


def _unknown(ready: Ready, code: Code, what: str, reply: bytes) -> Heard:
    return Heard(State.UNKNOWN, what, reply=reply, error=OutcomeUnknown(code, what, where=ready.call.id.hex()))
