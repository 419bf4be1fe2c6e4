"""An answer that no message could carry: refused before anything of it is recorded."""

import pytest

from coldtusk_shared import command, limits
from coldtusk_shared.errors import Refused
from coldtusk_shared.services.coinpayments import content
from coldtusk_shared.services.coinpayments.commands import COMMANDS
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent
from tests.offline.services.coinpayments.payments_desk import asked, give, item, payments_desk
from tests.shared.services.coinpayments.call_samples import KEY

WITHDRAW = COMMANDS["create_withdrawal"]
NOTE = "\u7d66\u4e0e" * 80
"""480 bytes, which the body needs three times."""


def _withdrawal(number: int) -> CoinPaymentsContent:
    fields = [("amount", f"0.{number + 1:04}"), ("currency", "BTC"), ("address", "1Boat"), ("auto_confirm", "no")]
    return content.make(KEY.encode(), WITHDRAW, command.typed(WITHDRAW, [*fields, ("note", NOTE)]))


def test_too_large_an_answer() -> None:
    """The request fits into a message, its answer does not; half of it is answered, with the first numbers."""
    desk = payments_desk()
    with desk.open() as device:
        items = [item(desk, _withdrawal(number)) for number in range(650)]
        message = desk.host.seal(asked(desk, *items))
        before = device.head
        assert len(message) < limits.MESSAGE_BYTES
        with pytest.raises(Refused) as refused:
            give(device, message)
        assert "request.answer-too-large" == refused.value.code.name
        assert before == device.head
        given, _ = give(device, desk.host.seal(asked(desk, *items[:325])))
        assert 325 == len(given.response.results)
        assert len(given.message) < limits.MESSAGE_BYTES
