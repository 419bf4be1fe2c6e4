"""A request's deadline against the time that the operator confirms: not over, and not years away."""

import pytest

from coldtusk_offline.answer import answer
from coldtusk_offline.device import Device
from coldtusk_offline.utc import Watch
from coldtusk_shared import limits
from coldtusk_shared.deadline import Deadline, NotAfter
from tests.offline.payments import code_of
from tests.offline.services.coinpayments.payments_desk import NOW, TYPED, asked, give, item, payments_desk
from tests.shared.services.coinpayments.call_samples import withdrawal
from tests.simulators.desk import Desk
from tests.simulators.operator import ScriptedOperator

WRONG_YEAR = TYPED.replace("2026", "2062")


def until(desk: Desk, end: int) -> bytes:
    """A request that is good until *end*."""
    return desk.host.seal(asked(desk, item(desk, withdrawal()), not_after=NotAfter(Deadline.UTC, end)))


def typing(device: Device, message: bytes, time: str) -> None:
    """Answer *message* as an operator who types *time*, which is not what the machine says, and who signs."""
    operator = ScriptedOperator([time, time, None])
    answer(message, device, operator, watch=Watch(lambda: float(NOW), lambda: 0.0))


def test_as_long_as_a_request_may_be_good() -> None:
    """On the cap it is taken, a second later refused."""
    desk = payments_desk()
    end = NOW + limits.REQUEST_AHEAD_SECONDS
    with desk.open() as device:
        assert code_of(give, device, until(desk, end + 1)) == "request.too-far-ahead"
        assert not give(device, until(desk, end))[0].again


@pytest.mark.parametrize(("end", "code"), [(NOW + 86_400, "request.expired"), (limits.U64, "request.too-far-ahead")])
def test_a_wrong_year_locks_nobody_out(end: int, code: str) -> None:
    """Neither an honest host's request nor one without an end brings it into the journal: the right time goes on."""
    desk = payments_desk()
    with desk.open() as device:
        assert code == code_of(typing, device, until(desk, end), WRONG_YEAR)
        assert 0 == device.history.last_utc
        give(device, until(desk, NOW + 86_400))
        assert NOW == device.history.last_utc
