"""``webhooks``: the secrets, the server as a process, the lists, and checking again."""

import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from coldtusk_online.ledger import store
from coldtusk_online.ledger.states import State
from coldtusk_online.webhooks import secrets
from coldtusk_online.webhooks.notice import Service
from coldtusk_shared import limits
from tests.boundary.source_tree import ROOT
from tests.online.webhooks.ledger_calls import a_call, add_calls
from tests.online.webhooks.receiver import (
    FORM,
    IPN_SECRET,
    MERCHANT,
    RECEIVE,
    WALLET,
    WALLET_SECRET,
    ipn,
    mac,
    receiving,
    webhook,
)
from tests.simulators.online_house import Ran, run
from tests.simulators.private_ca import PrivateCa

_SCRIPT = "from coldtusk_online.cli.main import main; main()"


class _Home:
    """A host that was set up, without nodes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._places = ("--config", str(folder / "config" / "settings.toml"), "--data", str(self.data))
        assert 0 == self.run("init", "--label", "desk").status

    def run(self, *arguments: str, text: str = "") -> Ran:
        """A command of this host."""
        return run(*self._places, *arguments, text=text)

    def json(self, *arguments: str, text: str = "") -> Ran:
        """A command with --json."""
        return self.run(*arguments, "--json", text=text)

    def enrol(self) -> None:
        """One secret of each service, one asked for and one from a file."""
        assert 0 == self.run("webhooks", "secret", "add", *self.merchant, text=f"{IPN_SECRET}\n").status
        file = self.folder / "secret"
        file.write_text(WALLET_SECRET, encoding="utf-8")
        added = ("secret", "add", "coinrpc", "--wallet", WALLET, "--file", str(file))
        assert 0 == self.run("webhooks", *added).status
        file.unlink()

    merchant = ("coinpayments", "--merchant", MERCHANT)

    @contextmanager
    def serving(self, *options: str) -> Iterator["_Serving"]:
        """``webhooks serve --json`` as a process, interrupted at the end."""
        command = [sys.executable, "-c", _SCRIPT, *self._places, "webhooks", "serve", "--json", *options]
        environment = {"PYTHONPATH": f"{ROOT / 'shared'}:{ROOT / 'online'}", "HOME": str(self.folder)}
        with subprocess.Popen(
            command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as child:
            assert child.stderr is not None
            line = child.stderr.readline()
            assert line.startswith("listening on http://127.0.0.1:"), line
            serving = _Serving(int(line.rpartition(":")[2]))
            try:
                yield serving
            finally:
                child.send_signal(signal.SIGINT)
                serving.out, serving.err = child.communicate(timeout=20)
                serving.status = child.returncode


class _Serving:
    """The process, and what it said in the end."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.out = self.err = ""
        self.status = -1

    def post(self, path: str, body: bytes, **headers: str) -> int:
        """The status of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", path, body, {"Content-Type": FORM, **headers})
            return connection.getresponse().status
        finally:
            connection.close()


@pytest.fixture
def home(tmp_path: Path) -> _Home:
    """A host."""
    return _Home(tmp_path)


def _stored(home: _Home, *bodies: bytes) -> Sequence[Any]:
    """Have *bodies* received; what ``webhooks list`` tells."""
    with receiving(home.data) as server:
        for body in bodies:
            reply = server.ipn(body) if b"ipn_mode" in body else server.webhook(body)
            assert 200 == reply.status
    listed: Sequence[Any] = home.json("webhooks", "list").json["notices"]
    return listed


def test_secrets(home: _Home) -> None:
    """Enrolled by prompt and file, listed by fingerprint, removed; shown nowhere."""
    home.enrol()
    path = home.data / "webhook-secrets.json"
    assert 0o600 == path.stat().st_mode & 0o777
    loaded = secrets.load(path)
    assert IPN_SECRET == loaded.of(Service.COINPAYMENTS)[MERCHANT].reveal()
    assert WALLET_SECRET == loaded.of(Service.COINRPC)[WALLET].reveal()
    listed, text = home.json("webhooks", "secret", "list"), home.run("webhooks", "secret", "list")
    assert [MERCHANT, WALLET] == [one["account"] for one in listed.json["secrets"]]
    fingerprint = loaded.of(Service.COINRPC)[WALLET].fingerprint
    assert fingerprint in text.out
    assert "canary" not in listed.out + text.out + text.err
    assert 0 == home.run("webhooks", "secret", "remove", *home.merchant).status
    assert [WALLET] == [one["account"] for one in home.json("webhooks", "secret", "list").json["secrets"]]
    assert "No secret yet" in _Home(home.folder / "other").run("webhooks", "secret", "list").out


def test_a_typed_secret_is_not_shown(home: _Home) -> None:
    """What is typed stands on no stream; --json stays one object."""
    ran = home.json("webhooks", "secret", "add", *home.merchant, text=f"{IPN_SECRET}\n")
    assert (0, MERCHANT) == (ran.status, ran.json["account"])
    assert "canary" not in ran.out + ran.err


@pytest.mark.parametrize(
    "content",
    [b"canary\n", b" canary", b"\xff", b"c" * (limits.WEBHOOK_SECRET_BYTES + 1)],
    ids=["break", "blank", "no text", "long"],
)
def test_bad_secret_file(home: _Home, content: bytes) -> None:
    """webhooks.secret: a line break, a blank, no text, too long."""
    file = home.folder / "secret"
    file.write_bytes(content)
    ran = home.json("webhooks", "secret", "add", *home.merchant, "--file", str(file))
    assert (3, "webhooks.secret") == (ran.status, ran.code)
    assert "canary" not in ran.out + ran.err


@pytest.mark.parametrize(
    "options",
    [
        ("coinpayments",),
        ("coinpayments", "--wallet", "w"),
        ("coinrpc", "--merchant", "m"),
        ("coinrpc", "--wallet", "w", "--merchant", "m"),
        ("coinspark", "--wallet", "w"),
    ],
)
def test_wrong_use_of_secret(home: _Home, options: Sequence[str]) -> None:
    """A merchant for the one, a wallet for the other; a secret is no argument."""
    assert 2 == home.run("webhooks", "secret", "add", *options).status
    assert 2 == home.run("webhooks", "secret", "remove", *options).status
    assert 2 == home.run("webhooks", "secret", "add", *home.merchant, "the secret").status


def test_served(home: _Home) -> None:
    """A process that is told to end says what it did, leaves with status 0, and no secret was said."""
    home.enrol()
    with home.serving("--rate", "1000", "--peer-rate", "1000") as serving:
        body = ipn(txn_id="T", ipn_id="I")
        assert [200, 200] == [serving.post("/coinpayments", body, HMAC=mac(body)) for _ in range(2)]
        assert 200 == serving.post(f"/coinrpc/{WALLET}", webhook())
        assert 403 == serving.post("/coinpayments", body, HMAC="0" * 128)
    told = json.loads(serving.out)
    assert (0, 2, 1, {"webhooks.mac": 1}) == (serving.status, told["stored"], told["repeated"], told["refused"])
    assert ["webhooks.mac"] == [one["code"] for one in told["last_refused"]]
    assert "refused [webhooks.mac], 1 in all" in serving.err
    assert "canary" not in serving.out + serving.err
    listed = home.json("webhooks", "list").json["notices"]
    assert {"T", "ABCD12349876"} == {one["about"] for one in listed}


def test_serve_refused(home: _Home, tmp_path: Path) -> None:
    """webhooks.no-secret; plain http for others; half of a certificate."""
    ran = home.json("webhooks", "serve")
    assert (4, "webhooks.no-secret") == (ran.status, ran.code)
    home.enrol()
    ran = home.json("webhooks", "serve", "--host", "192.0.2.1")
    assert (4, "webhooks.plain") == (ran.status, ran.code)
    ca = PrivateCa(tmp_path)
    assert 2 == home.run("webhooks", "serve", "--cert", str(ca.file)).status
    ran = home.json("webhooks", "serve", "--cert", str(ca.file), "--key", str(ca.file))
    assert (5, "webhooks.certificate") == (ran.status, ran.code)


def test_list_and_show(home: _Home) -> None:
    """What came, what it means, and what else is about the same."""
    assert "No notice yet" in home.run("webhooks", "list").out
    listed = _stored(home, ipn(txn_id="T", custom="\x1b[31m"), ipn(txn_id="T", status="0"), webhook())
    assert ["superseded", "unconfirmed", "verified"] == sorted(one["state"] for one in listed)
    text = home.run("webhooks", "list").out
    assert "100 complete" in text
    assert "0 PENDING" in text
    only = home.json("webhooks", "list", "--service", "coinrpc", "--last", "5").json["notices"]
    assert ["coinrpc"] == [one["service"] for one in only]
    id_ = next(one["id"] for one in listed if one["state"] == "verified")
    shown = home.run("webhooks", "show", id_[:12])
    assert 0 == shown.status
    assert '"\\x1b[31m"' in shown.out
    assert "\x1b" not in shown.out
    told = home.json("webhooks", "show", id_).json
    assert ("100", 2) == (told["fields"]["status"], len(told["about_the_same"]))
    ran = home.json("webhooks", "show", "abcdef")
    assert (3, "webhooks.unknown") == (ran.status, ran.code)


def test_cap_on_a_list(home: _Home) -> None:
    """WEBHOOKS_LISTED at most."""
    assert 0 == home.run("webhooks", "list", "--last", str(limits.WEBHOOKS_LISTED)).status
    assert 2 == home.run("webhooks", "list", "--last", str(limits.WEBHOOKS_LISTED + 1)).status


def test_verify_stored(home: _Home) -> None:
    """A stored notice is right under its secret, and not without it."""
    listed = _stored(home, ipn(txn_id="T"), webhook())
    home.enrol()
    for one in listed:
        ran = home.run("webhooks", "verify", "--id", one["id"])
        assert (0, True) == (ran.status, ran.out.startswith("It is right: "))
    assert 0 == home.run("webhooks", "secret", "remove", *home.merchant).status
    codes = {one["service"]: home.json("webhooks", "verify", "--id", one["id"]).status for one in listed}
    assert {"coinpayments": 4, "coinrpc": 0} == codes


def test_verify_file(home: _Home) -> None:
    """A body in a file, with the value of its header in another; nothing is stored."""
    home.enrol()
    body, header = home.folder / "body", home.folder / "hmac"
    body.write_bytes(ipn(txn_id="T", status="2"))
    header.write_text(mac(ipn(txn_id="T", status="2")) + "\n", encoding="utf-8")
    asked = ("webhooks", "verify", str(body), "--service", "coinpayments")
    told = home.json(*asked, "--header-hmac-file", str(header)).json
    assert ("T", 2, MERCHANT) == (told["about"], told["status"], told["account"])
    ran = home.json(*asked)
    assert (4, "webhooks.mac") == (ran.status, ran.code)
    body.write_bytes(webhook())
    assert 0 == home.run("webhooks", "verify", str(body), "--service", "coinrpc").status
    body.write_bytes(webhook() + b"x")
    ran = home.json("webhooks", "verify", str(body), "--service", "coinrpc")
    assert (4, "webhooks.hash") == (ran.status, ran.code)
    body.write_bytes(b"x" * (limits.WEBHOOK_BYTES + 1))
    assert "file.too-large" == home.json("webhooks", "verify", str(body), "--service", "coinrpc").code
    assert [] == home.json("webhooks", "list").json["notices"]


@pytest.mark.parametrize("options", [(), ("body",), ("--id", "ab"), ("body", "--id", "ab", "--service", "coinrpc")])
def test_wrong_use_of_verify(home: _Home, options: Sequence[str]) -> None:
    """A file with its service, or an id: nothing else."""
    ran = home.json("webhooks", "verify", *options)
    assert (3, "webhooks.bad-id") == (ran.status, ran.code) if options == ("--id", "ab") else 2 == ran.status


def test_confirm(home: _Home) -> None:
    """By the reply to a call in the ledger; without one it is refused."""
    listed = _stored(home, webhook(status="SUCCESS"))
    ran = home.json("webhooks", "confirm", listed[0]["id"], "--call", "01" * 16)
    assert (3, "webhooks.call") == (ran.status, ran.code)
    told = {"guid": RECEIVE["guid"], "amount": "0.1", "status": "SUCCESS"}
    reply = json.dumps({"id": "1", "result": told}).encode()
    ledger = store.connect(store.default_url(home.data / "ledger.sqlite"))
    add_calls(ledger, a_call(1, system="coinrpc", state=State.CONFIRMED, reply=reply))
    ledger.close()
    assert 0 == home.run("webhooks", "confirm", listed[0]["id"][:8], "--call", "01" * 4).status
    assert ["confirmed"] == [one["state"] for one in home.json("webhooks", "list").json["notices"]]
