"""coinsoftworks online, on real sockets: bearer, expiry, throttling, actions to their end, and nothing sent twice."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coldtusk_online import services as online_services
from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.payments import FaultKind, RetryAfter, serve_payments
from coldtusk_online.rehearsal.payments.faults import NEED_THE_REPLY, NEVER_COMMIT
from coldtusk_online.sending import GO, Heard, Step
from coldtusk_online.services.coinsoftworks import submit
from coldtusk_shared import limits
from coldtusk_shared.errors import ColdtuskError, OutcomeUnknown, Outside
from coldtusk_shared.services.coinsoftworks import content
from tests.online.services.coinsoftworks.works_stand_in import (
    KEY,
    NOW,
    OTHER_REQUEST,
    PLAN,
    SEND,
    TOKEN,
    Clock,
    Desk,
    ready,
)
from tests.shared.services.coinsoftworks.softworks_samples import ACCOUNT

_EXECUTE = "/_functions/execute"
_POLL = "/_functions/poll"
_LOST = [
    FaultKind.HANG,
    FaultKind.RESET_BEFORE_BODY,
    FaultKind.RESET_AFTER_BODY,
    FaultKind.REPLY_LOST,
    FaultKind.CUT,
    FaultKind.GARBAGE,
    FaultKind.HTML,
    FaultKind.REDIRECT,
    FaultKind.SERVER_ERROR,
    FaultKind.HUGE,
    FaultKind.DUPLICATE_KEYS,
    FaultKind.NO_LENGTH,
]
_LOST_IN_BOTH_WAYS = [
    (kind, commits)
    for kind in _LOST
    for commits in (True, False)
    if kind not in (NEVER_COMMIT if commits else NEED_THE_REPLY)
]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A new rehearsal, and a process that asks it."""
    clock = Clock()
    with serve_payments(tmp_path, clock=clock) as running:
        yield Desk(running, clock)


def modes(desk: Desk, **changes: Any) -> None:
    """Let the service behave otherwise."""
    desk.services.coinsoftworks.modes = replace(desk.services.coinsoftworks.modes, **changes)


def error_of(desk: Desk, *arguments: Any, **options: Any) -> ColdtuskError:
    """What sending a call raises; no secret is in it or in what led to it."""
    with pytest.raises(ColdtuskError) as caught:
        desk.send(ready(*arguments, **options))
    error: BaseException | None = caught.value
    while error is not None:
        shown = f"{error} {error!r} {error.__dict__}"
        assert not any(secret in shown for secret in (TOKEN, KEY, "eyRehearsal."))
        error = error.__cause__ or error.__context__
    return caught.value


def code_of(heard: Heard) -> str:
    """The code of its error."""
    return "" if heard.error is None else heard.error.code.name


def test_authenticate(desk: Desk) -> None:
    """The token in its header, once; the bearer in memory, and its end in the note alone."""
    heard = desk.authenticate()
    assert (State.CONFIRMED, "a bearer token until 2026-11-20 12:35:00Z, in this process alone") == (
        heard.state,
        heard.note,
    )
    (received,) = desk.services.received_at("/_functions/authentication")
    assert (TOKEN, f"/_functions/authentication/{KEY}", b"") == (
        received.header("X-SIMPLE-API-ACCESS-TOKEN"),
        received.path,
        received.body,
    )
    assert b"" == heard.reply
    assert "eyRehearsal." not in f"{heard!r} {desk.told} {desk.way!r} {desk.memory!r}"
    assert "eyRehearsal." in str([getattr(one, "bearer").token for one in desk.memory.values()])  # noqa: B009 - any


@pytest.mark.parametrize("name", ["settings", "actions", "user"])
def test_reads(desk: Desk, name: str) -> None:
    """Under the bearer; the service's words are kept."""
    desk.authenticate()
    heard = desk.send(ready(name))
    assert (State.CONFIRMED, None) == (heard.state, heard.error)
    assert heard.reply
    (received,) = desk.services.received_at(f"/_functions/{name}")
    assert "GET" == received.method
    assert (received.header("Authorization") or "").startswith("Bearer eyRehearsal.")
    assert received.header("X-SIMPLE-API-ACCESS-TOKEN") is None


def test_an_action_to_its_end(desk: Desk) -> None:
    """The device's bytes, polled until the service says that it is done."""
    desk.authenticate()
    sent = ready("execute")
    heard = desk.send(sent)
    assert (State.CONFIRMED, 'done: the service says "Done"', None) == (heard.state, heard.note, heard.error)
    (received,) = desk.services.received_at(_EXECUTE)
    assert b'{"to":"bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq","amount":"0.10"}' == received.body
    assert "application/json" == received.header("Content-Type")
    assert [f"{_POLL}/{heard.reference}"] * 3 == [one.path for one in desk.services.received_at(_POLL)]
    assert 1 == desk.executed
    assert [2, 4] == desk.waited


def test_a_failed_action(desk: Desk) -> None:
    """The service says so in the words that were enrolled."""
    modes(desk, tasks_fail=True)
    desk.authenticate()
    heard = desk.send(ready("execute"))
    assert (State.REJECTED, "coinsoftworks.failed") == (heard.state, code_of(heard))
    assert heard.reference


def test_an_action_that_only_reads(desk: Desk) -> None:
    """Without a plan there is nothing to follow."""
    desk.authenticate()
    asked = content.CoinsoftworksContent(ACCOUNT, SEND.command, "who")
    heard = desk.send(ready("execute", asked, method="GET", path="/user", body=b"", poll=None))
    assert (State.CONFIRMED, "answered") == (heard.state, heard.note)
    assert b"JohnCB5496" in heard.reply


@pytest.mark.parametrize("status", [401, 500])
def test_authenticates_again_once(desk: Desk, status: int) -> None:
    """A bearer that the service forgot, in both ways of saying so; the second one is good."""
    modes(desk, unauthorized_status=status)
    desk.authenticate()
    desk.services.coinsoftworks.revoke()
    assert State.CONFIRMED is desk.send(ready("user")).state
    assert 2 == desk.authentications


@pytest.mark.parametrize("status", [401, 500])
def test_then_stops(desk: Desk, status: int) -> None:
    """It does not help: nothing was done, and the operator is told; there is no third bearer in this request."""
    modes(desk, unauthorized_status=status)
    desk.authenticate()
    for _ in range(2):
        assert "coinsoftworks.unauthorized" == error_of(desk, "user", path="/user/{key}", key="another-key").code.name
    assert 2 == desk.authentications


def test_only_with_the_token_of_the_same_request(desk: Desk) -> None:
    """A call of another request uses the bearer, and never the token that another approval released."""
    desk.authenticate()
    assert State.CONFIRMED is desk.send(ready("user", request=OTHER_REQUEST)).state
    desk.services.coinsoftworks.revoke()
    assert "coinsoftworks.unauthorized" == error_of(desk, "user", request=OTHER_REQUEST).code.name
    desk.clock.now += 3600
    assert "coinsoftworks.no-bearer" == error_of(desk, "user", request=OTHER_REQUEST).code.name
    assert 1 == desk.authentications


def test_a_bearer_that_expires_is_renewed_before(desk: Desk) -> None:
    """By its expiration, less a margin, without a call that fails."""
    desk.authenticate()
    desk.clock.now += 3600 - 30
    assert State.CONFIRMED is desk.send(ready("user")).state
    assert (2, 1) == (desk.authentications, len(desk.services.received_at("/_functions/user")))


def test_a_bearer_that_is_over_at_once(desk: Desk) -> None:
    """The clocks differ, or the service gives none that lasts."""
    modes(desk, bearer_seconds=30)
    assert "coinsoftworks.bearer-short" == error_of(desk, "authenticate").code.name
    assert "coinsoftworks.no-bearer" == error_of(desk, "user").code.name


def test_another_process_has_no_bearer(desk: Desk) -> None:
    """Memory went with the first one."""
    desk.authenticate()
    desk.memory.clear()
    for name in ("user", "execute"):
        error = error_of(desk, name)
        assert ("coinsoftworks.no-bearer", False) == (error.code.name, isinstance(error, OutcomeUnknown))
    assert 0 == desk.executed


def test_no_bearer_in_the_reply(desk: Desk) -> None:
    """The document allows null."""
    modes(desk, null_bearer=True)
    assert "coinsoftworks.reply" == error_of(desk, "authenticate").code.name


def test_a_wrong_token(desk: Desk) -> None:
    """The stand-in's 500 may be a fault: the call can be sent again. A 401 is a no."""
    assert "coinsoftworks.unauthorized" == error_of(desk, "authenticate", token="1_another-token").code.name
    heard = desk.send(ready("authenticate", path="/elsewhere/{key}"))
    assert (State.REJECTED, "coinsoftworks.denied") == (heard.state, code_of(heard))


@pytest.mark.parametrize("kind", [FaultKind.TOO_MANY, FaultKind.UNAVAILABLE])
@pytest.mark.parametrize(
    ("form", "seconds", "waited"),
    [
        (RetryAfter.SECONDS, 7, [7, 7]),
        (RetryAfter.DATE, 60, [60, 60]),
        (RetryAfter.ABSENT, 1, [5, 10]),
        (RetryAfter.SECONDS, 0, [1, 1]),
    ],
)
def test_waits_as_the_service_wants(
    desk: Desk, kind: FaultKind, form: RetryAfter, seconds: float, waited: list[float]
) -> None:
    """Twice slowed down, then answered: for the token and for a read."""
    for name in ("authenticate", "user"):
        desk.services.faults.arm(
            kind,
            "/_functions/auth" if name == "authenticate" else "/_functions/user",
            times=2,
            seconds=seconds,
            retry_after=form,
        )
        desk.waited.clear()
        assert State.CONFIRMED is desk.send(ready(name)).state
        assert waited == desk.waited
    assert any("fewer calls" in told for told in desk.told)


@pytest.mark.parametrize("kind", [FaultKind.TOO_MANY, FaultKind.UNAVAILABLE])
def test_an_absurd_wait_is_the_operators(desk: Desk, kind: FaultKind) -> None:
    """It is said until when, and nothing is asked again by itself."""
    desk.services.faults.arm(kind, "/_functions/auth", retry_after=RetryAfter.ABSURD)
    error = error_of(desk, "authenticate")
    assert ("coinsoftworks.slower", []) == (error.code.name, desk.waited)
    assert "not before 2026-11-20 12:35:00Z" in error.line()


def test_the_longest_wait(desk: Desk) -> None:
    """At its cap it is waited for, a second more is the operator's."""
    for more in (0, 1):
        desk.services.faults.arm(
            FaultKind.TOO_MANY, "/_functions/auth", seconds=limits.COINSOFTWORKS_WAIT_SECONDS + more
        )
    assert "coinsoftworks.slower" == error_of(desk, "authenticate").code.name
    assert [limits.COINSOFTWORKS_WAIT_SECONDS] == desk.waited


def test_polled_where_it_was_sent(desk: Desk) -> None:
    """The same path: what is approved to be sent once is not sent with the question."""
    desk.authenticate()
    desk.send(ready("execute", poll=replace(PLAN, path="/execute/33", id_member="")))
    first, *others = desk.services.received_at(_EXECUTE)
    assert first.body
    assert others and all(("GET", b"", None) == (one.method, one.body, one.header("Content-Type")) for one in others)


def test_patience_has_an_end(desk: Desk) -> None:
    """So many tries, then the operator decides."""
    desk.services.faults.arm(FaultKind.TOO_MANY, "/_functions/auth", times=9, seconds=3)
    assert "coinsoftworks.slower" == error_of(desk, "authenticate").code.name
    assert limits.COINSOFTWORKS_TRIES == desk.authentications
    assert [3, 3, 3] == desk.waited


def test_interrupted_while_waiting(desk: Desk) -> None:
    """Nothing is under way: the call stays what it was."""
    desk.interrupted = True
    desk.services.faults.arm(FaultKind.TOO_MANY, "/_functions/auth", seconds=3)
    assert "coinsoftworks.slower" == error_of(desk, "authenticate").code.name


@pytest.mark.parametrize("done", [True, False])
def test_an_action_that_a_proxy_answers(desk: Desk, done: bool) -> None:
    """503 may come from in front of the service, which may have begun: unknown, and never sent again."""
    desk.authenticate()
    desk.services.faults.arm(FaultKind.UNAVAILABLE, _EXECUTE, commits=done)
    error = error_of(desk, "execute")
    assert ("coinsoftworks.unclear", True) == (error.code.name, isinstance(error, OutcomeUnknown))
    assert (1, int(done)) == (len(desk.services.received_at(_EXECUTE)), desk.executed)


@pytest.mark.parametrize("form", list(RetryAfter))
def test_an_action_is_not_sent_again_by_itself(desk: Desk, form: RetryAfter) -> None:
    """Slowed down means not done: said when, back to where it was."""
    desk.authenticate()
    desk.services.faults.arm(FaultKind.TOO_MANY, _EXECUTE, commits=False, seconds=9, retry_after=form)
    error = error_of(desk, "execute")
    assert ("coinsoftworks.slower", False) == (error.code.name, isinstance(error, OutcomeUnknown))
    assert (1, 0) == (len(desk.services.received_at(_EXECUTE)), desk.executed)
    assert State.CONFIRMED is desk.send(ready("execute")).state
    assert 1 == desk.executed


def test_an_action_under_a_forgotten_bearer(desk: Desk) -> None:
    """401 says that nothing was done: authenticated again, sent once more, done once."""
    desk.authenticate()
    desk.services.coinsoftworks.revoke()
    assert State.CONFIRMED is desk.send(ready("execute")).state
    assert (2, 2, 1) == (desk.authentications, len(desk.services.received_at(_EXECUTE)), desk.executed)


def test_an_action_answered_with_500(desk: Desk) -> None:
    """It may have been begun: unknown, and never sent again."""
    modes(desk, unauthorized_status=500)
    desk.authenticate()
    desk.services.coinsoftworks.revoke()
    assert isinstance(error_of(desk, "execute"), OutcomeUnknown)
    assert (1, 1) == (desk.authentications, len(desk.services.received_at(_EXECUTE)))


def test_an_action_that_the_service_refuses(desk: Desk) -> None:
    """A disabled one: 400, nothing was done."""
    desk.authenticate()
    heard = desk.send(ready("execute", path="/execute/36"))
    assert (State.REJECTED, "coinsoftworks.refused") == (heard.state, code_of(heard))
    assert "coinsoftworks.refused" == code_of(desk.send(ready("user", path="/nowhere/{key}")))


@pytest.mark.parametrize(("kind", "commits"), _LOST_IN_BOTH_WAYS, ids=str)
def test_a_lost_reply_to_an_action(desk: Desk, kind: FaultKind, commits: bool) -> None:
    """Unknown, whether it was carried out or not; sent once."""
    desk.authenticate()
    desk.services.faults.arm(kind, _EXECUTE, commits=commits)
    error = error_of(desk, "execute")
    assert isinstance(error, OutcomeUnknown)
    assert error.code.name in {"http.outcome-unknown", "coinsoftworks.unclear"}
    assert int(commits) == desk.executed
    assert len(desk.services.received_at(_EXECUTE)) <= 1


@pytest.mark.parametrize("kind", _LOST, ids=lambda kind: str(kind.value))
@pytest.mark.parametrize("name", ["authenticate", "user"])
def test_a_lost_reply_to_what_asks(desk: Desk, name: str, kind: FaultKind) -> None:
    """Nothing happened: it can be submitted again, and then it comes."""
    desk.authenticate()
    path = "/_functions/authentication" if name == "authenticate" else f"/_functions/{name}"
    desk.services.faults.arm(kind, path)
    error = error_of(desk, name)
    assert isinstance(error, Outside)
    assert not isinstance(error, OutcomeUnknown)
    if name == "authenticate":
        assert "coinsoftworks.no-bearer" == error_of(desk, "user").code.name
    assert State.CONFIRMED is desk.send(ready(name)).state


@pytest.mark.parametrize("kind", [FaultKind.LATENCY, FaultKind.CHUNKED])
def test_slow_and_chunked_replies_are_replies(desk: Desk, kind: FaultKind) -> None:
    """What comes whole counts."""
    desk.authenticate()
    desk.services.faults.arm(kind, _EXECUTE, seconds=0.1)
    assert State.CONFIRMED is desk.send(ready("execute")).state


@pytest.mark.parametrize("kind", [*_LOST, FaultKind.TOO_MANY, FaultKind.UNAVAILABLE], ids=lambda kind: str(kind.value))
def test_a_poll_that_goes_wrong(desk: Desk, kind: FaultKind) -> None:
    """Another look does no harm; the end is found all the same."""
    desk.authenticate()
    desk.services.faults.arm(kind, _POLL)
    assert State.CONFIRMED is desk.send(ready("execute")).state
    assert 1 == desk.executed


@pytest.mark.parametrize("status", [401, 500])
def test_a_bearer_that_ends_while_polling(desk: Desk, status: int) -> None:
    """Authenticated again, once; the action is not sent again."""
    modes(desk, unauthorized_status=status)
    desk.authenticate()
    way = desk.way

    def sleep(seconds: float) -> None:
        if not desk.waited:
            desk.services.coinsoftworks.revoke()
        desk.waited.append(seconds)
        desk.clock.now += int(seconds)

    heard = submit.send(ready("execute"), replace(way, sleep=sleep))
    assert State.CONFIRMED is heard.state
    assert (2, 1) == (desk.authentications, desk.executed)


def test_an_action_without_an_end(desk: Desk) -> None:
    """Followed for so long, then unknown, under the service's id."""
    modes(desk, pending_polls=10**6)
    desk.authenticate()
    heard = desk.send(ready("execute"))
    assert (State.UNKNOWN, "coinsoftworks.under-way") == (heard.state, code_of(heard))
    assert isinstance(heard.error, OutcomeUnknown)
    assert heard.reference and heard.reference in heard.note
    assert desk.clock.now <= NOW + limits.COINSOFTWORKS_POLL_SECONDS
    assert max(desk.waited) <= 30


def test_an_operator_who_does_not_wait(desk: Desk) -> None:
    """Ctrl-C while it is followed: unknown, and the note has the id."""
    desk.authenticate()
    desk.interrupted = True
    heard = desk.send(ready("execute"))
    assert (State.UNKNOWN, "coinsoftworks.under-way") == (heard.state, code_of(heard))
    assert heard.reference and "the operator did not wait" in heard.note


def test_a_reply_without_an_id(desk: Desk) -> None:
    """It was sent: unknown."""
    desk.authenticate()
    error = error_of(desk, "execute", poll=replace(PLAN, id_member="missing"))
    assert ("coinsoftworks.unclear", True) == (error.code.name, isinstance(error, OutcomeUnknown))


def test_a_status_that_was_not_enrolled(desk: Desk) -> None:
    """What the service says is nothing if it was not enrolled letter by letter: never guessed, unknown in the end."""
    desk.authenticate()
    heard = desk.send(ready("execute", poll=replace(PLAN, done=("done",))))
    assert State.UNKNOWN is heard.state
    assert 'last heard: "Done"' in heard.note


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("authenticate", {"token": ""}),
        ("authenticate", {"body": b"x"}),
        ("authenticate", {"poll": PLAN}),
        ("user", {"token": TOKEN}),
        ("user", {"method": "POST"}),
        ("user", {"body": b"{}"}),
        ("execute", {"token": TOKEN}),
        ("execute", {"body": b'{"to":"x","amount":"0.10"}'}),
        ("execute", {"body": b'{"amount":"0.10"}'}),
        ("execute", {"body": b'{"to": "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq","amount":"0.10"}'}),
        ("execute", {"body": b'{"amount":"0.10","amount":"0.10"}'}),
        ("execute", {"body": b"[]"}),
        ("execute", {"body": b""}),
        ("execute", {"method": "GET", "body": b""}),
    ],
)
def test_another_call_than_was_asked(desk: Desk, name: str, changes: dict[str, Any]) -> None:
    """A device that is another than it should be: nothing is sent, and nothing of it is shown."""
    assert "coinsoftworks.output.differs" == error_of(desk, name, **changes).code.name
    given = ready(name, **changes)
    with pytest.raises(ColdtuskError) as caught:
        online_services.check_output(given.item, given.output, "response.results[0]")
    assert "coinsoftworks.output.differs" == caught.value.code.name
    assert not desk.services.received


def test_what_fits_is_taken() -> None:
    """And nothing of it is counted."""
    for name in ("authenticate", "settings", "actions", "user", "execute"):
        given = ready(name)
        online_services.check_output(given.item, given.output, "response.results[0]")
        assert online_services.number(given.item, given.output) is None
    broken = ready("user")
    with pytest.raises(ColdtuskError):
        online_services.check_output(broken.item, b"\xff", "response.results[0]")


def test_the_gate() -> None:
    """Once only, and behind an authenticate that bought something."""
    assert GO == submit.gate(ready("user"), [], NOW)
    assert GO == submit.gate(ready("authenticate"), [], NOW)
    for state in (State.REJECTED, State.UNKNOWN, State.REFUSED, State.EXPIRED, State.ANSWERED):
        before = ready("authenticate", state=state).call
        found = submit.gate(ready("user"), [before], NOW)
        assert (Step.HELD, "coinsoftworks.authenticate-first") == (found.step, found.why and found.why.code.name)
    bought = ready("authenticate", state=State.CONFIRMED).call
    assert GO == submit.gate(ready("user"), [bought], NOW)
    elsewhere = ready("authenticate", state=State.REJECTED, request=OTHER_REQUEST).call
    assert GO == submit.gate(ready("user"), [elsewhere], NOW)
    sent = submit.gate(ready("execute", state=State.UNKNOWN), [], NOW)
    assert (Step.HELD, "coinsoftworks.never-again") == (sent.step, sent.why and sent.why.code.name)
