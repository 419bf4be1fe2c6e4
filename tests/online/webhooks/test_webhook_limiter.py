"""The limiter and the tally: what is refused, and what of it is remembered."""

from coldtusk_online.webhooks.app import RATE, SLOW
from coldtusk_online.webhooks.limiter import Limiter, Rate
from coldtusk_online.webhooks.tally import Tally
from coldtusk_shared import limits
from tests.online.webhooks.receiver import PLENTY

_SECOND = 1_000_000_000


class _Clock:
    """Nanoseconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        """The time."""
        return self.now


def _limiter(peer: Rate, whole: Rate = PLENTY) -> tuple[Limiter, _Clock]:
    clock = _Clock()
    return Limiter(clock, peer, whole), clock


def test_a_burst_and_then_the_rate() -> None:
    """A whole bucket at once, then as many as the rate gives back."""
    limiter, clock = _limiter(Rate(2, 5))
    assert [0, 0, 0, 0, 0, 1] == [limiter.wait_of("192.0.2.1") for _ in range(6)]
    clock.now += _SECOND
    assert [0, 0, 1] == [limiter.wait_of("192.0.2.1") for _ in range(3)]
    clock.now += 100 * _SECOND
    assert [0, 0, 0, 0, 0, 1] == [limiter.wait_of("192.0.2.1") for _ in range(6)]


def test_the_wait_is_enough() -> None:
    """Who comes back after the seconds that were said is let in."""
    limiter, clock = _limiter(Rate(1, 1))
    assert 0 == limiter.wait_of("192.0.2.1")
    wait = limiter.wait_of("192.0.2.1")
    clock.now += wait * _SECOND
    assert 0 == limiter.wait_of("192.0.2.1")


def test_peers_are_apart() -> None:
    """One peer's bucket is not another's, and one that is refused takes nothing from the whole."""
    limiter, _ = _limiter(Rate(1, 1), Rate(1, 2))
    assert [0, 1, 1, 1] == [limiter.wait_of("192.0.2.1") for _ in range(4)]
    assert 0 == limiter.wait_of("192.0.2.2")
    assert 1 == limiter.wait_of("192.0.2.3")


def test_one_subscriber_is_one_peer() -> None:
    """All addresses of an IPv6 network of 64 bits; an IPv4 address in either form; whatever is no address."""
    for same, other in (
        (["2001:db8::1", "2001:db8::ffff:1"], "2001:db8:0:1::1"),
        (["192.0.2.1", "::ffff:192.0.2.1"], "192.0.2.2"),
        (["", "unknown", "a" * 1000, "192.0.2.1:80"], "192.0.2.1"),
    ):
        limiter, _ = _limiter(Rate(1, 1))
        assert [0] + [1] * (len(same) - 1) == [limiter.wait_of(host) for host in same]
        assert 0 == limiter.wait_of(other)


def test_cap_on_peers() -> None:
    """WEBHOOK_PEERS are remembered; with one more the one that was silent longest is forgotten, and no other."""
    limiter, _ = _limiter(Rate(1, 1))
    hosts = [f"192.0.{number >> 8}.{number & 255}" for number in range(limits.WEBHOOK_PEERS)]
    assert {0} == {limiter.wait_of(host) for host in hosts}
    assert (1, 1) == (limiter.wait_of(hosts[0]), limiter.wait_of(hosts[-1]))
    assert 0 == limiter.wait_of("198.51.100.1")
    assert (0, 1) == (limiter.wait_of(hosts[0]), limiter.wait_of(hosts[-1]))


def test_the_tally_keeps_digests() -> None:
    """The last WEBHOOK_REFUSALS_KEPT, each as a reason and 16 hex digits."""
    tally = Tally(lambda _: None)
    for number in range(limits.WEBHOOK_REFUSALS_KEPT + 1):
        tally.refuse(RATE, b"canary %d" % number * 1000)
    assert limits.WEBHOOK_REFUSALS_KEPT == len(tally.refusals)
    assert limits.WEBHOOK_REFUSALS_KEPT + 1 == tally.reasons["webhooks.rate"]
    assert {("webhooks.rate", 16)} == {(one.reason, len(one.digest)) for one in tally.refusals}


def test_the_tally_says_little() -> None:
    """A line at the first, second, fourth, eighth, ...: a flood fills no screen."""
    lines: list[str] = []
    tally = Tally(lines.append)
    for _ in range(1000):
        tally.refuse(RATE)
    tally.refuse(SLOW)
    assert (11, 1) == (len(lines), sum("webhooks.slow" in line for line in lines))
    tally.count(new=True)
    tally.count(new=False)
    assert (1, 1) == (tally.stored, tally.repeated)
