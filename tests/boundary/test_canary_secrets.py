"""Secrets of the payment services, looked for where they must not be: by canaries, in what the real commands leave.

Of CoinPayments and CoinRPC the online half has no money-moving secret at all, in memory neither. Those of CoinSpark and
coinsoftworks are released to it inside one approved call: it has them while it sends, and keeps them nowhere. Each
search has a control beside it: where a secret must be, it is found.
"""

import base64
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from coldtusk_online.ledger.states import State
from coldtusk_online.opening import Opener
from coldtusk_online.rehearsal.payments import RunningPayments
from coldtusk_shared.errors import Refused
from tests.simulators.canaries import Canary, in_data, in_files, memory
from tests.simulators.canary_echo import BEARER
from tests.simulators.canary_house import ACCOUNT, ALL, HELD, IPN, SPARK, SYSTEMS, TOKEN, CanaryHost
from tests.simulators.canary_stage import SENT_TO, bearers, begin, get_ready, leaks, living, wait_for

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
"""The stand-ins have threads, and a terminal's child forks; from Python 3.12 on that warns, and the child execs."""
PUBLIC: Final = {"coinpayments": HELD.coinpayments_public, "coinrpc": HELD.coinrpc_key}
APPROVED: Final = ("coinpayments", "coinspark", "coinsoftworks")


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_the_search_finds(tmp_path: Path, one: Canary) -> None:
    """Each form in which a secret could stand, wherever in a file, and in a file's name."""
    for value, name in one.forms.items():
        (tmp_path / "file").write_bytes(b"\xff{" + value + b"}\x00")
        assert f"{tmp_path / 'file'}: {one.name}, {name}" in in_files([tmp_path], [one])
    (tmp_path / "file").rename(tmp_path / f"response-{one.text.encode().hex()}")
    assert in_files([tmp_path], [one])[0].endswith("hex")


@pytest.mark.parametrize("shift", range(3))
def test_the_search_finds_base64(shift: int) -> None:
    """Whatever stands before it and behind it in the same encoded text."""
    for one in ALL:
        whole = base64.b64encode(b"x" * (3 + shift) + one.text.encode() + b"behind it")
        assert f"{one.name}, base64 behind {shift}" in one.found(whole)


def test_the_search_finds_what_sqlite_removed(tmp_path: Path) -> None:
    """A row that was deleted is still in the file."""
    with closing(sqlite3.connect(tmp_path / "file")) as db:
        db.execute("PRAGMA secure_delete = OFF")
        db.execute("CREATE TABLE kept (text)")
        db.execute("INSERT INTO kept VALUES (?)", [SPARK.text])
        db.commit()
        db.execute("DELETE FROM kept")
        db.commit()
    assert in_files([tmp_path], [SPARK])
    assert [] == in_files([tmp_path], [TOKEN])


def test_until_they_are_sent(canary_house: CanaryHost, canary_services: RunningPayments) -> None:
    """Vault, journal, messages, ledger, screens, arguments and environments: nothing of any secret."""
    run = canary_house.commands
    for system in APPROVED:
        assert run.offline("inspect", f"{system}.response").status == 0
    run.offline("inspect", "coinspark.request")
    run.at_terminal("secret", "list")
    assert run.online("request", "list", "--all", "--json").status == 0
    assert [] == leaks(canary_house, canary_services)


def test_the_files_of_the_secrets(canary_house: CanaryHost) -> None:
    """The control: the files that they were enrolled from hold them."""
    files = canary_house.house / "secrets"
    found = {Path(one.partition(": ")[0]).name for one in in_files([files], ALL)}
    assert set(SYSTEMS) == found


def test_public_words_are_found(canary_house: CanaryHost) -> None:
    """The control: the same search sees what may be seen, in the same files."""
    words = [Canary("public key", HELD.coinpayments_public), Canary("label", "coinpayments-1")]
    found = "\n".join(in_files([canary_house.folder], words))
    for name in ("ledger.sqlite", "coinpayments.request", "secret.tty", "secret.cmdline"):
        assert f"{name}: " in found
    home = Canary("home", str(canary_house.folder))
    assert any(".environ: " in one for one in in_files([canary_house.folder / "logs"], [home]))


@pytest.mark.parametrize("system", SYSTEMS)
def test_sent(canary_host: CanaryHost, canary_services: RunningPayments, system: str) -> None:
    """The service took it, so it had the secret or its MAC; here nothing of it stayed, and the answer is closed."""
    get_ready(canary_host, system)
    assert canary_host.submit(system).status == 0
    stored = canary_host.stored(system)
    assert all(call.state is State.CONFIRMED for call in stored.calls)
    canary_host.commands.online("request", "show", stored.id.hex(), "--json")
    check_closed(canary_host, system)
    assert [] == living(canary_host)
    assert [] == leaks(canary_host, canary_services)


def check_closed(host: CanaryHost, system: str) -> None:
    """A released answer in the ledger opens for nobody: its one-time key is gone."""
    stored = host.stored(system)
    assert not host.keys.holds(stored.id)
    for call, item in zip(stored.calls, stored.parsed().items, strict=True):
        if item.content.releases:
            with pytest.raises(Refused) as refused:
                Opener(stored, host.keys).output(call, item)
            assert "reply-key.missing" == refused.value.code.name


@pytest.mark.parametrize("system", PUBLIC)
def test_memory_has_no_key_of_a_mac(canary_host: CanaryHost, canary_services: RunningPayments, system: str) -> None:
    """The process that sends a signed call has the call, and not what it was signed with. Then it is killed."""
    get_ready(canary_host, system)
    started = begin(canary_host, canary_services, system)
    held = memory(started.process.pid)
    assert [str(started.process.pid)] == living(canary_host)
    sent = canary_services.received_at(SENT_TO[system])[-1]
    assert -signal.SIGKILL == started.end(signal.SIGKILL).status
    assert [] == in_data(held, ALL)
    assert sent.body in held
    assert in_data(held, [Canary("public key", PUBLIC[system])])
    assert [] == leaks(canary_host, canary_services)


@pytest.mark.parametrize(
    ("call", "expected"),
    [("coinspark", {SPARK}), ("authenticate", {TOKEN, ACCOUNT}), ("action", {TOKEN, ACCOUNT, BEARER})],
)
def test_memory_has_what_is_being_sent(
    canary_host: CanaryHost, canary_services: RunningPayments, call: str, expected: set[Canary]
) -> None:
    """The control: a bearer secret is in the memory of the process that sends it, and no other one. A kill ends it."""
    started = begin(canary_host, canary_services, call)
    held = memory(started.process.pid)
    assert -signal.SIGKILL == started.end(signal.SIGKILL).status
    found = {one.partition(",")[0] for one in in_data(held, [*ALL, *bearers(canary_services)])}
    assert {one.name for one in expected} == found
    assert [] == leaks(canary_host, canary_services)


def test_a_server_that_lives_long(canary_host: CanaryHost, canary_services: RunningPayments) -> None:
    """The receiver of notifications holds its own secrets, which must be there, and no other."""
    file = canary_host.house / "secrets" / "coinpayments-ipn"
    named = ("--merchant", "canary-merchant", "--file", str(file))
    assert 0 == canary_host.commands.online("webhooks", "secret", "add", "coinpayments", *named).status
    server = canary_host.commands.start("coldtusk-online", "webhooks", "serve")
    wait_for(lambda: "http://" in server.out.read_text(encoding="utf-8"), server)
    held = memory(server.process.pid)
    server.end(signal.SIGINT)
    assert {IPN.name} == {one.partition(",")[0] for one in in_data(held, [*ALL, IPN])}
    assert [] == leaks(canary_host, canary_services)
    found = {one.partition(": ")[0] for one in in_files([canary_host.folder], [IPN])}
    assert {str(canary_host.places.webhook_secrets)} == found
