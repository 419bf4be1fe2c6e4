"""Calls of one key as the ledger has them, for tests without a ledger."""

from typing import Any

from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.states import State
from coldtusk_online.sending import Ready
from coldtusk_shared.request import Item, PaymentId, RequestId
from coldtusk_shared.services.coinpayments import output
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent
from coldtusk_shared.services.coinpayments.output import Output
from tests.shared.services.coinpayments.call_samples import KEY, call, withdrawal


def made(number: int, content: CoinPaymentsContent | None = None, state: State = State.UNKNOWN, **more: Any) -> Call:
    """The call with nonce *number*, and a payment id of that number; a withdrawal unless *content* is given."""
    chosen = content or withdrawal()
    given = output.encode(Output(number, chosen.body(number), bytes(64)))
    values: dict[str, Any] = {
        "id": PaymentId(number.to_bytes(16)),
        "request": RequestId(bytes(16)),
        "place": 0,
        "state": state,
        "system": "coinpayments",
        "command": chosen.command.name,
        "account": KEY.encode(),
        "number": number,
        "intent": bytes(32),
        "output": given,
    }
    return Call(**{**values, **more})


def ready(one: Call, content: CoinPaymentsContent | None = None, past: tuple[Call, ...] = ()) -> Ready:
    """*one* on its way; its content is a withdrawal unless it is given."""
    chosen = content or withdrawal()
    return Ready(one, Item(one.id, one.account, chosen), one.output or b"", past)


def history_call(number: int, **given: Any) -> Ready:
    """The history asked with nonce *number*."""
    content = call("get_withdrawal_history", **{"start": None, "newer": None, "limit": None, **given})
    return ready(made(number, content, State.ANSWERED), content)


def listed(id_: str, **changes: Any) -> dict[str, Any]:
    """An entry of the history as the service writes it."""
    entry: dict[str, Any] = {
        "id": id_,
        "time_created": 1_795_192_100,
        "status": 2,
        "status_text": "Complete",
        "coin": "BTC",
        "amount": 10_000_000,
        "amountf": "0.10000000",
        "note": "",
        "send_address": "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
        "send_txid": "hex_txid",
    }
    return {name: value for name, value in {**entry, **changes}.items() if value is not None}
