"""Asking the service by a key that only reads, and what its history says of calls in doubt.

Nothing is burned by it: what is not in the history may still arrive, so it settles only what is there.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from coldtusk_online.host import Host
from coldtusk_online.http import HttpClient
from coldtusk_online.json_strict import Json
from coldtusk_online.ledger import calls
from coldtusk_online.ledger.calls import Move, Step
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.ledger.states import State
from coldtusk_online.sending import Settled
from coldtusk_online.services.coinpayments import order, replies, settling
from coldtusk_online.services.coinpayments.read_key import ReadKey
from coldtusk_online.services.coinpayments.replies import Answer
from coldtusk_online.services.coinpayments.submit import FORM, REFUSED
from coldtusk_online.settings import Settings
from coldtusk_shared.command import Command, Fields
from coldtusk_shared.errors import Code, OutcomeUnknown, Outside, Refused
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.coinpayments.body import body
from coldtusk_shared.services.coinpayments.values import SYSTEM
from coldtusk_shared.text import quoted

ANSWER = Code("coinpayments.answer", "ask again: nothing was changed by asking")
ONLY_READS = Code("coinpayments.only-reads", "have the device sign it: build it with `coinpayments COMMAND`")


@dataclass(frozen=True, slots=True)
class Question:
    """A command that reads, with its fields; there is no other one.

    :raises Refused: ``coinpayments.only-reads``.
    """

    command: Command
    given: Fields

    def __post_init__(self) -> None:
        if self.command.risk is not Risk.READS:
            raise Refused(ONLY_READS, f"{self.command.name} does more than read")


@dataclass(frozen=True, slots=True)
class Asked:
    """The service's result, and the reply as it came."""

    result: Json
    reply: bytes


def ask(http: HttpClient, settings: Settings, account: ServiceAccount, key: ReadKey, question: Question) -> Asked:
    """The answer to *question*, with the nonce in *key*, which nobody used.

    :raises Outside: whatever went wrong; nothing was changed by it. :raises Refused: ``coinpayments.refused``.
    """
    sent = body(key.public, question.command, question.given, (), key.nonce)
    mac = hmac.digest(key.private.reveal().encode(), sent, "sha512")
    base, path = settings.endpoint(account)
    headers = (("Content-Type", FORM), ("HMAC", mac.hex()))
    reply = http.call(base, path, headers=headers, body=sent, failure=Outside)
    answer = _understood(reply.body)
    if not answer.ok:
        raise Refused(REFUSED, f"the service said {quoted(answer.error)}", where=question.command.name)
    return Asked(answer.result, reply.body)


def settle(
    host: Host, account: ServiceAccount, question: Question, result: Json, tell: Callable[[str], None]
) -> list[Settled]:
    """Record what *result* shows of the account's calls in doubt; what it does not show stays as it is."""
    asked = {name: str(value) for name, value in question.given.items()}
    with host.ledger.writing() as db:
        past = calls.of_account(db, SYSTEM, account.account)
        doubtful = [call for call in past if order.is_in_doubt(call)]
        shown = settling.page(question.command.name, result, asked, past, burns=False)
        settling.belie(shown, past, tell)
        if shown is None or not doubtful:
            return []
        found = settling.of_page(shown, doubtful, tell)
        calls.move(db, [Move(State.UNKNOWN, _step(one)) for one in found], host.clock())
    return found


def _understood(reply: bytes) -> Answer:
    try:
        return replies.read(reply)
    except OutcomeUnknown as error:
        raise Outside(ANSWER, error.what) from None


def _step(one: Settled) -> Step:
    return Step(one.payment_id, one.state, one.note, reference=one.reference)
