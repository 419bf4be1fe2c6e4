"""Calls of a payment service over real sockets and TLS: what is an answer, what is not, and what nobody learns."""

import socket
import ssl
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from coldtusk_online.base_url import BaseUrl
from coldtusk_online.http import TIMEOUT, HttpClient, tls_context
from coldtusk_online.http_dates import date_of, retry_after
from coldtusk_online.http_reply import Reply
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, ColdtuskError, OutcomeUnknown, Outside
from tests.simulators.private_ca import PrivateCa
from tests.simulators.scripted_server import Script, ScriptedServer, Visit, reply

HOUR = 3600.0
"""The deadline of a test: only a clock of its own ends it."""
NOW = 784111777
HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.now = 0.0

    def read(self) -> float:
        """The seconds that it shows."""
        return self.now


class House:
    """A payment service with a certificate of the house, and a client that believes it."""

    def __init__(self, folder: Path) -> None:
        self.ca = PrivateCa(folder)
        self.tls = self.ca.server("127.0.0.1", "localhost")
        self.clock = Clock()
        self.client = HttpClient(tls_context(self.ca.file), self.clock.read, HOUR)

    def server(self, script: Script, tls: ssl.SSLContext | None = None) -> ScriptedServer:
        """It does what *script* says."""
        return ScriptedServer(script, tls or self.tls)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One authority and one certificate for the module: what a test changes is the clock, and it sets it back."""
    return House(tmp_path_factory.mktemp("house"))


def _playing(play: Callable[[Visit], object]) -> Script:
    def script(visit: Visit) -> None:
        visit.request()
        play(visit)

    return script


def _saying(data: bytes) -> Script:
    return _playing(lambda visit: visit.send(data))


def _call(
    house: House, script: Script, *, statuses: tuple[int, ...] = (200,), failure: type[Outside] = OutcomeUnknown
) -> Reply:
    with house.server(script) as server:
        base = BaseUrl.parse(server.url)
        return house.client.call(base, "/api", body=b"{}", statuses=statuses, failure=failure)


def test_post(house: House) -> None:
    """These bytes arrive, once, and the reply comes back with the headers that somebody needs."""
    requests: list[bytes] = []

    def script(visit: Visit) -> None:
        requests.append(visit.request())
        visit.send(reply(b'{"error":"ok"}', "Date: Sun, 06 Nov 1994 08:49:37 GMT", "Server: x"))

    with house.server(script) as server:
        headers = [("HMAC", "abc"), ("Content-Type", "application/x-www-form-urlencoded")]
        got = house.client.call(BaseUrl.parse(server.url), "/api.php", headers=headers, body=b"cmd=rates")
    kept = {"content-type": "application/json; charset=utf-8", "date": "Sun, 06 Nov 1994 08:49:37 GMT"}
    assert Reply(200, kept, b'{"error":"ok"}') == got
    assert NOW == date_of(got)
    assert [
        b"POST /api.php HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: coldtusk\r\nAccept: application/json\r\n"
        b"Accept-Encoding: identity\r\nConnection: close\r\nHMAC: abc\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\ncmd=rates" % server.port
    ] == requests


def test_kept_back_at_the_last_moment(house: House) -> None:
    """What is asked once the server is there can still say no: not a byte was sent."""
    arrived: list[bytes] = []

    def no() -> None:
        raise Outside(TIMEOUT, "too late")

    with house.server(lambda visit: arrived.append(visit.request())) as server, pytest.raises(Outside) as late:
        house.client.call(BaseUrl.parse(server.url), "/api", body=b"{}", before_sending=no)
    assert ("too late", []) == (late.value.what, [one for one in arrived if one])


def test_get(house: House) -> None:
    """A GET has no body and no length."""
    requests: list[bytes] = []

    def script(visit: Visit) -> None:
        requests.append(visit.request())
        visit.send(reply(b"{}"))

    with house.server(script) as server:
        house.client.call(BaseUrl.parse(server.url), "/settings?a=b", method="GET", failure=Outside)
    assert requests[0].startswith(b"GET /settings?a=b HTTP/1.1\r\n")
    assert requests[0].endswith(b"\r\nConnection: close\r\n\r\n")


def test_by_name(house: House) -> None:
    """The certificate is checked for the name in the URL."""
    with house.server(_saying(reply(b"{}"))) as server:
        assert b"{}" == house.client.call(BaseUrl.parse(f"https://localhost:{server.port}"), "/").body


def test_chunks(house: House) -> None:
    """A reply in chunks is whole at its last one, though the connection stays open."""

    def play(visit: Visit) -> None:
        for part in (HEAD, b"5\r\nhel", b"lo\r\n6", b"\r\n world\r\n0\r\n", b"\r\n"):
            visit.send(part)
        visit.hold()

    assert b"hello world" == _call(house, _playing(play)).body


def test_kept_connection(house: House) -> None:
    """At Content-Length nobody waits either."""

    def play(visit: Visit) -> None:
        visit.send(reply(b"{}"))
        visit.hold()

    assert b"{}" == _call(house, _playing(play)).body


def test_reset_after_the_answer(house: House) -> None:
    """A reset may overtake the answer in the kernel: then the outcome is unknown, and else the answer is whole."""

    def play(visit: Visit) -> None:
        visit.send(reply(b"{}"))
        visit.reset()

    try:
        assert b"{}" == _call(house, _playing(play)).body
    except OutcomeUnknown as error:
        assert "http.outcome-unknown" == error.code.name


def test_html_is_for_the_caller(house: House) -> None:
    """A page with status 200 is a reply: what it says is judged where the body is read."""
    assert b"<html>" == _call(house, _saying(reply(b"<html>"))).body


def test_continue_is_no_answer(house: House) -> None:
    """A 100 in front of the answer is skipped (RFC 9110 15.2)."""
    assert b"{}" == _call(house, _saying(b"HTTP/1.1 100 Continue\r\n\r\n" + reply(b"{}"))).body


def test_no_content(house: House) -> None:
    """A 204 has no body and needs no length."""
    assert Reply(204, {}, b"") == _call(house, _saying(b"HTTP/1.1 204 No Content\r\n\r\n"), statuses=(200, 204))


@pytest.mark.parametrize(
    ("value", "seconds"), [("7", 7), ("Sun, 06 Nov 1994 08:49:47 GMT", 10), ("soon", None), (None, None)]
)
def test_retry_after(house: House, value: str | None, seconds: int | None) -> None:
    """A status that the caller knows is a reply, with how long the server wants to be left alone."""
    headers = [] if value is None else [f"Retry-After: {value}"]
    script = _saying(reply(b"busy", *headers, status="503 Service Unavailable"))
    got = _call(house, script, statuses=(200, 429, 503))
    assert (503, b"busy", seconds) == (got.status, got.body, retry_after(got, NOW))


def _half_then_reset(visit: Visit) -> None:
    visit.send(reply(b"{}", "Content-Length: 8"))
    visit.reset()


def _chunk_then_reset(visit: Visit) -> None:
    visit.send(HEAD + b"2\r\n{}\r\n")
    visit.reset()


def _full_chunk(visit: Visit) -> None:
    visit.send(HEAD + b"%x\r\n%s\r\n1\r\n" % (limits.HTTP_REPLY_BYTES, bytes(limits.HTTP_REPLY_BYTES)))


def _endless_headers(visit: Visit) -> None:
    visit.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        visit.send(b"X: " + b"y" * 60000 + b"\r\n")


_BOTH = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
_ELSEWHERE = "Location: https://127.0.0.1:1/"
_BAD_ANSWERS = {
    "closed": (_playing(lambda visit: None), "http.cut"),
    "reset": (_playing(Visit.reset), "http.cut"),
    "reset in the body": (_playing(_half_then_reset), "http.cut"),
    "reset between chunks": (_playing(_chunk_then_reset), "http.cut"),
    "cut body": (_saying(reply(b"{}", "Content-Length: 3")), "http.cut"),
    "cut chunk": (_saying(HEAD + b"3\r\n{}"), "http.cut"),
    "no last chunk": (_saying(HEAD + b"2\r\n{}\r\n"), "http.cut"),
    "last chunk without its end": (_saying(HEAD + b"2\r\n{}\r\n0\r\n"), "http.cut"),
    "malformed chunk": (_saying(HEAD + b"2;\nx\r\n{}\r\n0\r\n\r\n"), "http.reply"),
    "length and chunks": (_saying(_BOTH), "http.reply"),
    "neither": (_saying(b"HTTP/1.1 200 OK\r\n\r\n{}"), "http.reply"),
    "compressed": (_saying(reply(b"x", "Content-Encoding: gzip")), "http.reply"),
    "no field": (_saying(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nwhat\r\nDate: x\r\n\r\n{}"), "http.reply"),
    "garbage": (_saying(b"\xff\xfe\x00 what\r\n\r\n"), "http.reply"),
    "HTML and no head": (_saying(b"<html>hello</html>"), "http.reply"),
    "huge": (_saying(reply(b"{}", f"Content-Length: {limits.HTTP_REPLY_BYTES + 1}")), "http.size"),
    "huge chunk": (_saying(HEAD + b"7fffffffffffffff\r\n"), "http.size"),
    "huge in chunks": (_playing(_full_chunk), "http.size"),
    "endless headers": (_playing(_endless_headers), "http.size"),
    "redirect": (_saying(reply(b"", _ELSEWHERE, status="302 Found")), "http.status"),
    "see other": (_saying(reply(b"", _ELSEWHERE, status="303 See Other")), "http.status"),
    "moved": (_saying(reply(b"", _ELSEWHERE, status="307 Temporary Redirect")), "http.status"),
    "busy": (_saying(reply(b"{}", "Retry-After: 1", status="503 Service Unavailable")), "http.status"),
    "early hints": (_saying(b"HTTP/1.1 103 Early Hints\r\n\r\n" + reply(b"{}")), "http.status"),
}


@pytest.mark.parametrize(("script", "code"), _BAD_ANSWERS.values(), ids=_BAD_ANSWERS)
def test_bad_answer_to_what_may_be_repeated(house: House, script: Script, code: str) -> None:
    """Each is an error of the outside world, with its code and the place."""
    with pytest.raises(Outside) as caught:
        _call(house, script, failure=Outside)
    assert (Outside, code) == (type(caught.value), caught.value.code.name)
    assert caught.value.where.startswith("https://127.0.0.1:")
    assert caught.value.where.endswith("/api")


@pytest.mark.parametrize(("script", "code"), _BAD_ANSWERS.values(), ids=_BAD_ANSWERS)
def test_bad_answer_to_what_happens_once(house: House, script: Script, code: str) -> None:
    """The same say nothing about what happened, and it is neither sent again nor sent elsewhere."""
    with house.server(script) as server, pytest.raises(OutcomeUnknown) as caught:
        house.client.call(BaseUrl.parse(server.url), "/api", body=b"{}")
    assert "http.outcome-unknown" == caught.value.code.name
    assert 1 == server.visits
    assert (code == "http.status") == caught.value.what.startswith("the server answered with status ")


_STUCK = {
    "silent": b"H",
    "in the headers": b"HTTP/1.1 200 OK\r\nX: ",
    "in a body": HEAD[:-2],
    "in a chunk": HEAD + b"5",
}


@pytest.mark.parametrize("start", _STUCK.values(), ids=_STUCK)
@pytest.mark.parametrize("failure", [Outside, OutcomeUnknown])
def test_stuck_server(house: House, start: bytes, failure: type[Outside]) -> None:
    """The deadline is over the whole exchange: http.timeout, or an unknown outcome."""

    def play(visit: Visit) -> None:
        house.clock.now = HOUR  # the client waits for a byte that it gets, and asks the clock before the next one
        visit.send(start)
        visit.hold()

    try:
        with pytest.raises(Outside) as caught:
            _call(house, _playing(play), failure=failure)
    finally:
        house.clock.now = 0.0
    code = "http.timeout" if failure is Outside else "http.outcome-unknown"
    assert (failure, code) == (type(caught.value), caught.value.code.name)
    assert caught.value.what == "no whole answer within 3600 seconds"


def test_certificates(house: House, tmp_path: Path) -> None:
    """An old one, one for another host, one of another authority: certainly nothing was sent: http.certificate."""
    expired = house.ca.server("127.0.0.1", expired=True)
    elsewhere = house.ca.server("pay.example", "127.0.0.2")
    foreign = PrivateCa(tmp_path).server("127.0.0.1")
    for tls in (expired, elsewhere, foreign):
        with house.server(_saying(b""), tls) as server, pytest.raises(Outside) as caught:
            house.client.call(BaseUrl.parse(server.url), "/api", body=b"{}")
        assert (Outside, "http.certificate") == (type(caught.value), caught.value.code.name)


def test_nobody_there(house: House) -> None:
    """Nothing was sent: http.connect, whatever the call would have done."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Outside) as caught:
        house.client.call(BaseUrl.parse(f"https://127.0.0.1:{port}"), "/api", body=b"{}")
    assert (Outside, "http.connect") == (type(caught.value), caught.value.code.name)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "pay.example"])
def test_never_plain(host: str) -> None:
    """Plain http is refused before anything is looked up or opened, this machine's included: http.https-only."""

    def resolve(host: str, port: int) -> list[tuple[int, object]]:
        raise AssertionError(f"{host} was looked up")

    with pytest.raises(BadInput) as caught:
        HttpClient(resolve=resolve).call(BaseUrl.parse(f"http://{host}"), "/s3cr3t", body=b"{}")
    assert ("http.https-only", f"http://{host}") == (caught.value.code.name, caught.value.where)


def test_environment_is_ignored(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, no authority and no key log comes from the environment."""
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("SSL_CERT_FILE", str(house.ca.file))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    assert b"{}" == _call(house, _saying(reply(b"{}"))).body
    with house.server(_saying(reply(b"{}"))) as server, pytest.raises(Outside) as caught:
        HttpClient().call(BaseUrl.parse(server.url), "/api", body=b"{}")
    assert "http.certificate" == caught.value.code.name
    assert [] == list(tmp_path.iterdir())


SECRET = "s3cr3t-key"
_ECHO = SECRET.encode()
_ECHOES = {
    "not HTTP": _ECHO + b"\r\n\r\n",
    "version": b"HTTP/" + _ECHO + b" 200 OK\r\n\r\n",
    "reason": b"HTTP/1.1 500 " + _ECHO + b"\r\nContent-Length: 0\r\n\r\n",
    "length": reply(b"", f"Content-Length: {SECRET}"),
    "coding": reply(b"", f"Content-Encoding: {SECRET}"),
    "transfer coding": reply(b"", f"Transfer-Encoding: {SECRET}"),
    "no field": b"HTTP/1.1 200 OK\r\n" + _ECHO + b"\r\nContent-Length: 0\r\n\r\n",
    "location": reply(b"", f"Location: /{SECRET}", status="302 Found"),
    "chunk size": HEAD + _ECHO + b"\r\n",
    "cut chunk": HEAD + b"ff\r\n" + _ECHO,
    "cut body": reply(_ECHO, "Content-Length: 100"),
    "nothing": b"",
}


def _all_text(error: BaseException | None) -> str:
    """What any printer of errors could show: the traceback, the representations, and those of what led to it."""
    text = ""
    while error is not None:
        text += "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
        text += error.line() if isinstance(error, ColdtuskError) else ""
        error = error.__cause__ or error.__context__
    return text


@pytest.mark.parametrize("failure", [Outside, OutcomeUnknown])
@pytest.mark.parametrize("data", _ECHOES.values(), ids=_ECHOES)
def test_no_secret_in_an_error(house: House, data: bytes, failure: type[Outside]) -> None:
    """Not of the path, the query, a header or the body, and not when the server says it back."""
    with house.server(_saying(data)) as server, pytest.raises(Outside) as caught:
        house.client.call(
            BaseUrl.parse(server.url),
            f"/{SECRET}/actions?key={SECRET}",
            headers=[("X-Key", SECRET)],
            body=_ECHO,
            failure=failure,
            shown_path="/.../actions",
        )
    assert SECRET not in _all_text(caught.value)
    assert f"{server.url}/.../actions" == caught.value.where


def test_no_secret_when_nothing_was_sent(house: House) -> None:
    """Nor when there is no connection, or what is to be sent cannot be."""
    base = BaseUrl.parse("https://nobody.invalid")

    def resolve(host: str, port: int) -> list[tuple[int, object]]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(Outside) as unknown:
        HttpClient(resolve=resolve).call(base, f"/{SECRET}", body=_ECHO, shown_path="/...")
    assert "https://nobody.invalid/..." == unknown.value.where
    with pytest.raises(RuntimeError) as ours:
        house.client.call(base, "/", headers=[("X-Key", f"{SECRET}\n")], body=_ECHO)
    assert SECRET not in _all_text(unknown.value) + _all_text(ours.value)


def test_query_is_not_shown(house: House) -> None:
    """Without another word for it a path is shown without its query."""
    with house.server(_saying(b"")) as server, pytest.raises(OutcomeUnknown) as caught:
        house.client.call(BaseUrl.parse(server.url), f"/api?key={SECRET}")
    assert f"{server.url}/api" == caught.value.where
