"""The coinsoftworks stand-in: a token buys a bearer, the bearer expires; actions are executed and polled."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coldtusk_online.rehearsal.payments import REHEARSAL, RunningPayments, Service, serve_payments
from coldtusk_online.rehearsal.payments.coinsoftworks import CoinSoftworksModes, Paths
from coldtusk_online.rehearsal.payments.coinsoftworks_actions import TaskWords
from tests.online.rehearsal.payments_client import NOW, Customer

TOKEN = {"X-SIMPLE-API-ACCESS-TOKEN": REHEARSAL.coinsoftworks_access}
ACCOUNT = REHEARSAL.coinsoftworks_account


class Clock:
    """The server's clock, to shift."""

    now = float(NOW)

    def __call__(self) -> float:
        """Unix seconds."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """At NOW."""
    return Clock()


@pytest.fixture
def services(tmp_path: Path, clock: Clock) -> Iterator[RunningPayments]:
    """The stand-ins by that clock."""
    with serve_payments(tmp_path, clock=clock) as running:
        yield running


@pytest.fixture
def customer(services: RunningPayments) -> Customer:
    """Who asks them."""
    return Customer(services)


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("POST", "/_functions/authentication", TOKEN),
        ("POST", "/_function/authentication", TOKEN),
        ("POST", f"/_functions/authentication/{ACCOUNT}", TOKEN),
        ("GET", f"/_functions/authentication/{ACCOUNT}", TOKEN),
        ("GET", f"/_functions/authentication/{ACCOUNT}", {}),
    ],
)
def test_every_way_to_authenticate(customer: Customer, method: str, path: str, headers: dict[str, str]) -> None:
    """In words and in the example, under both prefixes; expiration counts, ticks is the document's nonsense."""
    reply = customer.send(method, path, headers=headers).json
    assert ("2026-11-18T12:06:40Z", 636607848220000000) == (reply["expiration"], reply["ticks"])
    assert reply["bearer_token"].startswith("eyRehearsal.")


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("POST", "/_functions/authentication", {}),
        ("POST", f"/_functions/authentication/{ACCOUNT}", {}),
        ("POST", "/_functions/authentication", {"X-SIMPLE-API-ACCESS-TOKEN": "1_other"}),
        ("POST", "/_functions/authentication/other", TOKEN),
        ("GET", "/_functions/authentication", {}),
        ("GET", "/_functions/authentication/other", {}),
        ("GET", f"/_functions/authentication/{ACCOUNT}", {"X-SIMPLE-API-ACCESS-TOKEN": "1_other"}),
    ],
)
def test_wrong_ways_to_authenticate(customer: Customer, method: str, path: str, headers: dict[str, str]) -> None:
    """500 Unauthorized, as the document has it; another method is 405."""
    assert 500 == customer.send(method, path, headers=headers).status
    assert 405 == customer.send("PUT", path, headers=TOKEN).status


def test_what_a_bearer_opens(customer: Customer) -> None:
    """Settings, actions and user, with the account's key in the path or without; values are loosely typed."""
    bearer = customer.authenticate()
    assert "true" == customer.coinsoftworks("GET", "settings", bearer).json["enterprise_mode"]
    first, *_, last = customer.coinsoftworks("GET", f"actions/{ACCOUNT}", bearer).json
    assert ("33", "Send BTC", "Enabled", "Disabled") == (
        first["action_id"],
        first["action_name"],
        first["action_status"],
        last["action_status"],
    )
    assert "Ultimate" == customer.coinsoftworks("GET", "user", bearer).json["purchased_plan"]


def test_an_action_is_executed_and_polled(services: RunningPayments, customer: Customer) -> None:
    """Pending twice, then done; the book has it once, with its fields."""
    bearer = customer.authenticate()
    task = customer.coinsoftworks("POST", "execute/33", bearer, b'{"amount":"0.1","to":"1B"}').json
    assert "Pending" == task["status"]
    said = [customer.coinsoftworks("GET", f"poll/{task['task_id']}", bearer).json["status"] for _ in range(4)]
    assert ["Pending", "Pending", "Done", "Done"] == said
    [entry] = services.books.of(Service.COINSOFTWORKS)
    assert ("Send BTC", task["task_id"], {"amount": "0.1", "to": "1B", "action_id": "33"}) == (
        entry.command,
        entry.identity,
        entry.fields,
    )


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "execute", b'{"action_id":"34"}'),
        ("POST", "execute", b'{"action_id":34}'),
        ("POST", "execute", b"action_id=34&amount=1"),
        ("POST", "execute/34", b""),
        ("GET", "execute?action_id=34", b""),
    ],
)
def test_every_way_to_execute(
    services: RunningPayments, customer: Customer, method: str, path: str, body: bytes
) -> None:
    """JSON, a form, the query, the path: unpublished, so all are taken."""
    bearer = customer.authenticate()
    task = customer.coinsoftworks(method, path, bearer, body).json["task_id"]
    assert "Pending" == customer.coinsoftworks("GET", f"poll?task_id={task}", bearer).json["status"]
    assert ["Swap"] == [entry.command for entry in services.books.all()]


def test_a_task_can_fail(services: RunningPayments, customer: Customer) -> None:
    """It was booked all the same: what it did is the service's secret."""
    services.coinsoftworks.modes = CoinSoftworksModes(tasks_fail=True, pending_polls=0)
    bearer = customer.authenticate()
    task = customer.coinsoftworks("POST", "execute/33", bearer).json["task_id"]
    assert "Failed" == customer.coinsoftworks("GET", f"poll/{task}", bearer).json["status"]
    assert 1 == len(services.books.all())


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("execute", b"", 400),
        ("execute/36", b"", 400),
        ("execute/99", b"", 400),
        ("execute/33", b'{"action_id":"34"}', 400),
        ("execute", b"{", 400),
        ("execute", b"\xff", 400),
        ("poll/none", b"", 400),
        ("nowhere", b"", 404),
        ("settings", b"", 405),
    ],
)
def test_what_cannot_be_done(
    services: RunningPayments, customer: Customer, path: str, body: bytes, status: int
) -> None:
    """No action, a disabled one, two of them, no task, no path, another method; nothing is booked."""
    assert status == customer.coinsoftworks("POST", path, customer.authenticate(), body).status
    assert () == services.books.all()


@pytest.mark.parametrize("status", [401, 500])
def test_a_bearer_expires_or_is_forgotten(
    services: RunningPayments, customer: Customer, clock: Clock, status: int
) -> None:
    """401, or the document's 500; a new one opens again; a wrong key in the path does not."""
    services.coinsoftworks.modes = CoinSoftworksModes(unauthorized_status=status, bearer_seconds=10)
    bearer = customer.authenticate()
    clock.now += 9.9
    assert 200 == customer.coinsoftworks("GET", "user", bearer).status
    clock.now += 0.1
    assert status == customer.coinsoftworks("GET", "user", bearer).status
    again = customer.authenticate()
    assert (200, True) == (customer.coinsoftworks("GET", "user", again).status, again != bearer)
    assert status == customer.coinsoftworks("GET", "user/other", again).status
    services.coinsoftworks.revoke()
    assert status == customer.coinsoftworks("GET", "user", again).status
    assert status == customer.send("GET", "/_functions/user", headers={"Authorization": f"Basic {again}"}).status


def test_authenticating_too_often_is_throttled(services: RunningPayments, customer: Customer, clock: Clock) -> None:
    """429 with Retry-After; after that time it goes."""
    services.coinsoftworks.modes = CoinSoftworksModes(seconds_between=60)
    customer.authenticate()
    clock.now += 20
    refused = customer.send("POST", "/_functions/authentication", headers=TOKEN)
    assert (429, "41") == (refused.status, refused.headers["Retry-After"])
    clock.now += 41
    assert customer.authenticate()


def test_paths_and_words_are_the_operators(services: RunningPayments, customer: Customer) -> None:
    """What the private library may say; and a bearer that is null."""
    services.coinsoftworks.modes = CoinSoftworksModes(
        paths=Paths(execute="run", poll="task"), words=TaskWords("job", "state", "busy", "finished"), pending_polls=0
    )
    bearer = customer.authenticate()
    task = customer.coinsoftworks("POST", "run/35", bearer).json
    assert "busy" == task["state"]
    assert "finished" == customer.coinsoftworks("GET", f"task/{task['job']}", bearer).json["state"]
    services.coinsoftworks.modes = replace(services.coinsoftworks.modes, null_bearer=True)
    assert None is customer.authenticate()
