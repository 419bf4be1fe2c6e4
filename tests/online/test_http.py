"""HTTP over real sockets, against servers that keep to it and servers that do not."""

import socket
from collections.abc import Callable
from contextlib import ExitStack
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_online.base_url import BaseUrl
from coldtusk_online.http import HttpClient
from coldtusk_shared import limits
from coldtusk_shared.errors import OutcomeUnknown, Outside
from tests.simulators.scripted_server import Script, ScriptedServer, Visit, answering, reply

PATIENT = 15.0
"""No test waits so long, unless the client waits where it must not."""
SHORT = 0.2


def _get(script: Script, seconds: float = PATIENT) -> bytes:
    with ScriptedServer(script) as server:
        return HttpClient(seconds=seconds).get(BaseUrl.parse(server.url), "/x")


def _post(script: Script, seconds: float = PATIENT, body: bytes = b"{}") -> bytes:
    with ScriptedServer(script) as server:
        return HttpClient(seconds=seconds).post(BaseUrl.parse(server.url), "/x", body)


def _after_request(play: Callable[[Visit], object]) -> Script:
    def script(visit: Visit) -> None:
        visit.request()
        play(visit)

    return script


def _saying(data: bytes) -> Script:
    """These bytes are the answer, and then the connection ends."""
    return _after_request(lambda visit: visit.send(data))


def test_get() -> None:
    """The request is these bytes and no others, and the body comes back."""
    requests: list[bytes] = []

    def script(visit: Visit) -> None:
        requests.append(visit.request())
        visit.send(reply(b"body"))

    with ScriptedServer(script) as server:
        assert b"body" == HttpClient().get(BaseUrl.parse(server.url), "/a/b?c=d")
    assert [
        b"GET /a/b?c=d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: coldtusk\r\nAccept: application/json\r\n"
        b"Accept-Encoding: identity\r\nConnection: close\r\n\r\n" % server.port
    ] == requests


def test_post() -> None:
    """The body is sent verbatim, once, with its length."""
    requests: list[bytes] = []

    def script(visit: Visit) -> None:
        requests.append(visit.request())
        visit.send(reply(b"taken"))

    with ScriptedServer(script) as server:
        assert b"taken" == HttpClient().post(BaseUrl.parse(server.url), "/add", b'{"a": 1}')
    assert 1 == len(requests)
    assert requests[0].endswith(
        b'Connection: close\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{"a": 1}'
    )


def test_returns_at_content_length() -> None:
    """The Warthog node keeps its socket open for ten seconds after the reply: nobody waits for that."""
    assert b"body" == _get(answering(b"body"))
    assert b"" == _get(answering(b""))
    assert b"body" == _post(answering(b"body"))


def test_what_follows_the_body_is_left() -> None:
    """Bytes behind Content-Length are no part of the answer."""
    assert b"body" == _get(_saying(reply(b"body") + b"more"))


def test_largest_reply() -> None:
    """The cap itself is taken."""
    assert limits.HTTP_REPLY_BYTES == len(_get(_saying(reply(bytes(limits.HTTP_REPLY_BYTES)))))


@pytest.mark.parametrize(("spare", "fits"), [(0, True), (-1, False)])
def test_largest_headers(spare: int, fits: bool) -> None:
    """Headers are taken up to the cap, and not a byte more: http.size."""
    frame = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    filling = b"".join(b"X: %s\r\n" % (b"y" * 995) for _ in range(limits.HTTP_HEADER_BYTES // 1000 - 1))
    last = b"X: %s\r\n" % (b"y" * (limits.HTTP_HEADER_BYTES - spare - len(frame) - len(filling) - 5))
    script = _saying(frame[:-2] + filling + last + b"\r\n")
    if fits:
        assert b"" == _get(script)
        return
    with pytest.raises(Outside) as caught:
        _get(script)
    assert "http.size" == caught.value.code.name


def test_default_deadline() -> None:
    """Unless told otherwise an exchange has limits.HTTP_SECONDS."""
    clock = iter((0.0, limits.HTTP_SECONDS))
    with ScriptedServer(answering(b"")) as server, pytest.raises(Outside) as caught:
        HttpClient(clock=lambda: next(clock)).get(BaseUrl.parse(server.url), "/")
    assert caught.value.what.endswith(f"within {limits.HTTP_SECONDS:g} seconds")


def test_continue_is_no_answer() -> None:
    """A 100 in front of the answer is skipped, as RFC 9110 15.2 has it."""
    assert b"body" == _get(_saying(b"HTTP/1.1 100 Continue\r\n\r\n" + reply(b"body")))


def _endless_headers(visit: Visit) -> None:
    visit.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        visit.send(b"X: " + b"y" * 60000 + b"\r\n")


def _half_then_reset(visit: Visit) -> None:
    visit.send(reply(b"body", "Content-Length: 8"))
    visit.reset()


_BAD_ANSWERS = {
    "closed": (_after_request(lambda visit: None), "http.cut"),
    "reset": (_after_request(Visit.reset), "http.cut"),
    "reset in the body": (_after_request(_half_then_reset), "http.cut"),
    "cut body": (_saying(reply(b"body", "Content-Length: 5")), "http.cut"),
    "cut headers": (_saying(b"HTTP/1.1 200 OK\r\nContent-Le"), "http.reply"),
    "cut status line": (_saying(b"HTTP/1.1"), "http.reply"),
    "garbage": (_saying(b"\xff\xfe\x00 what\r\n\r\n"), "http.reply"),
    "HTTP/0.9": (_saying(b"<html>hello</html>"), "http.reply"),
    "HTTP/2": (_saying(b"HTTP/2 200\r\nContent-Length: 0\r\n\r\n"), "http.reply"),
    "no length": (_saying(b"HTTP/1.1 200 OK\r\n\r\n{}"), "http.reply"),
    "two lengths": (_saying(reply(b"{}", "Content-Length: 2", "Content-Length: 2")), "http.reply"),
    "negative length": (_saying(reply(b"{}", "Content-Length: -2")), "http.reply"),
    "signed length": (_saying(reply(b"{}", "Content-Length: +2")), "http.reply"),
    "length with words": (_saying(reply(b"{}", "Content-Length: 2 bytes")), "http.reply"),
    "chunked": (_saying(reply(b"2\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding: chunked")), "http.reply"),
    "chunked without length": (
        _saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
        "http.reply",
    ),
    "compressed": (_saying(reply(b"x", "Content-Encoding: gzip")), "http.reply"),
    "101 headers": (_saying(reply(b"{}", *(f"X-{n}: y" for n in range(101)))), "http.reply"),
    "redirect": (_saying(reply(b"", "Location: http://127.0.0.1:1/", status="302 Found")), "http.status"),
    "moved": (_saying(reply(b"", "Location: /y", status="308 Permanent Redirect")), "http.status"),
    "not found": (_saying(reply(b"{}", status="404 Not Found")), "http.status"),
    "bad gateway": (_saying(reply(b"<html>", status="502 Bad Gateway")), "http.status"),
    "no content": (_saying(b"HTTP/1.1 204 No Content\r\n\r\n"), "http.status"),
    "huge": (_saying(reply(b"{}", f"Content-Length: {limits.HTTP_REPLY_BYTES + 1}")), "http.size"),
    "length of many digits": (_saying(reply(b"{}", "Content-Length: " + "9" * 5000)), "http.size"),
    "endless headers": (_after_request(_endless_headers), "http.size"),
    "endless continues": (_saying(b"HTTP/1.1 100 Continue\r\n\r\n" * 4000), "http.size"),
}


@pytest.mark.parametrize(("script", "code"), _BAD_ANSWERS.values(), ids=_BAD_ANSWERS)
def test_bad_answer_to_get(script: Script, code: str) -> None:
    """Each is an error of the outside world, with its code and the server's name."""
    with pytest.raises(Outside) as caught:
        _get(script)
    assert (Outside, code) == (type(caught.value), caught.value.code.name)
    assert caught.value.where.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(("script", "code"), _BAD_ANSWERS.values(), ids=_BAD_ANSWERS)
def test_bad_answer_to_post(script: Script, code: str) -> None:
    """After a POST the same say nothing about what happened, and it is not sent again."""
    with ScriptedServer(script) as server, pytest.raises(OutcomeUnknown) as caught:
        HttpClient(seconds=PATIENT).post(BaseUrl.parse(server.url), "/x", b"{}")
    assert "http.outcome-unknown" == caught.value.code.name
    assert 1 == server.visits


def _then(start: bytes, play: Callable[[Visit], None]) -> Callable[[Visit], None]:
    def both(visit: Visit) -> None:
        visit.send(start)
        play(visit)

    return both


_STUCK: dict[str, Callable[[Visit], None]] = {
    "silent": Visit.hold,
    "trickled status": lambda visit: visit.trickle(b"HTTP/1.1 200 OK "),
    "trickled header": _then(b"HTTP/1.1 200 OK\r\nX: ", lambda visit: visit.trickle(b"y")),
    "trickled body": _then(reply(b"", "Content-Length: 1000000"), lambda visit: visit.trickle(b"y")),
    "half a body": _then(reply(b"x", "Content-Length: 2"), Visit.hold),
}


@pytest.mark.parametrize("play", _STUCK.values(), ids=_STUCK)
def test_stuck_server(play: Callable[[Visit], object]) -> None:
    """The deadline is over the whole exchange, however often a byte comes: http.timeout."""
    with pytest.raises(Outside) as caught:
        _get(_after_request(play), SHORT)
    assert "http.timeout" == caught.value.code.name
    with pytest.raises(OutcomeUnknown):
        _post(_after_request(play), SHORT)


def test_server_that_takes_nothing() -> None:
    """A POST that could not be sent completely may have arrived for all that we know."""
    with pytest.raises(OutcomeUnknown):
        _post(Visit.hold, SHORT, bytes(32 << 20))


def test_reset_while_sending() -> None:
    """The same when the connection ends half-way."""

    def script(visit: Visit) -> None:
        visit.connection.recv(1)
        visit.reset()

    with pytest.raises(OutcomeUnknown):
        _post(script, PATIENT, bytes(32 << 20))


def _nobody() -> BaseUrl:
    """A port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return BaseUrl.parse(f"http://127.0.0.1:{port}")


def test_refused_connection() -> None:
    """Nothing was sent, so a POST is as certain as a GET: http.connect."""
    with pytest.raises(Outside) as caught:
        HttpClient().get(_nobody(), "/")
    assert "http.connect" == caught.value.code.name
    with pytest.raises(Outside) as caught:
        HttpClient().post(_nobody(), "/", b"{}")
    assert (Outside, "http.connect") == (type(caught.value), caught.value.code.name)


def test_unknown_name() -> None:
    """A name that nobody knows: http.name."""

    def resolve(host: str, port: int) -> list[tuple[int, object]]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(Outside) as caught:
        HttpClient(resolve=resolve).post(BaseUrl.parse("http://nobody.invalid"), "/", b"")
    assert (Outside, "http.name") == (type(caught.value), caught.value.code.name)


def test_stuck_name_service() -> None:
    """The deadline holds for the name service too, which cannot be interrupted."""
    over = Event()

    def resolve(host: str, port: int) -> list[tuple[int, object]]:
        over.wait(PATIENT)
        return []

    with pytest.raises(Outside) as caught:
        HttpClient(resolve=resolve, seconds=SHORT).get(BaseUrl.parse("http://slow.invalid"), "/")
    over.set()
    assert "http.timeout" == caught.value.code.name


def test_name_without_address() -> None:
    """A name service may know a name and no address."""
    with pytest.raises(Outside) as caught:
        HttpClient(resolve=lambda host, port: []).get(BaseUrl.parse("http://empty.invalid"), "/")
    assert "http.connect" == caught.value.code.name


def test_second_address() -> None:
    """When the first address of a name does not answer, the next one is tried."""
    with ScriptedServer(answering(b"body")) as server:
        addresses = [(socket.AF_INET, ("127.0.0.1", _nobody().port)), (socket.AF_INET, ("127.0.0.1", server.port))]
        client = HttpClient(resolve=lambda host, port: list(addresses))
        assert b"body" == client.get(BaseUrl.parse("http://node.invalid"), "/")


def test_first_address_that_is_silent() -> None:
    """An address that swallows packets takes its share of the time only."""
    with ExitStack() as stack:
        server = stack.enter_context(ScriptedServer(answering(b"body")))
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(8):  # nobody accepts: the queue is full, and what comes then is dropped
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        addresses = [(socket.AF_INET, full.getsockname()), (socket.AF_INET, ("127.0.0.1", server.port))]
        client = HttpClient(resolve=lambda host, port: list(addresses), seconds=2)
        assert b"body" == client.get(BaseUrl.parse("http://node.invalid"), "/")


def test_localhost() -> None:
    """The system's own name service works."""
    with ScriptedServer(answering(b"body")) as server:
        assert b"body" == HttpClient().get(BaseUrl.parse(f"http://localhost:{server.port}"), "/")


def test_deadline_before_connecting() -> None:
    """When no time is left, nothing is sent."""
    clock = iter(range(100))
    with ScriptedServer(answering(b"")) as server, pytest.raises(Outside) as caught:
        HttpClient(clock=lambda: next(clock), seconds=1).post(BaseUrl.parse(server.url), "/", b"")
    assert (Outside, "http.timeout") == (type(caught.value), caught.value.code.name)


def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy is asked, whatever the environment says."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, _nobody().text)
    assert b"body" == _get(answering(b"body"))


@pytest.mark.parametrize("path", ["", "x", "/a b", "/a\r\nX: y", "/\u00e9", "/\x7f"])
def test_path_that_cannot_be_sent(path: str) -> None:
    """Our own code made it: that is a fault of ours."""
    with pytest.raises(RuntimeError):
        HttpClient().get(_nobody(), path)


@given(st.binary(max_size=200) | st.text("HTP/1.20 OKContent-Length:\r\n{}", max_size=200).map(str.encode))
def test_any_answer(data: bytes) -> None:
    """Whatever a server says, a GET ends with a body or an error of the outside world."""
    with ScriptedServer(_saying(data)) as server:
        try:
            assert HttpClient(seconds=PATIENT).get(BaseUrl.parse(server.url), "/") in data
        except Outside as error:
            assert error.code.name.startswith("http.")
