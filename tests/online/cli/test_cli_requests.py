"""``request``, ``submit``, ``follow`` and the reading commands."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coldtusk_online import taking
from coldtusk_online.rehearsal.faults import FaultKind
from coldtusk_online.rehearsal.state import AccountId
from coldtusk_shared import limits
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.words import in_rows
from tests.simulators.device import Device
from tests.simulators.online_house import PAYEE, START_HEIGHT, House, house


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """A house."""
    with house(tmp_path) as made:
        yield made


def test_the_list(home: House) -> None:
    """Open requests with what to do next; settled ones on demand, or by state."""
    assert "No open request" in home.run("request", "list").out
    one, two = home.transfer(amount="1"), home.transfer(amount="2")
    home.run("submit", home.answered(one.json["file"]))
    text = home.run("request", "list").out
    assert "`follow`" in text
    assert "have the device answer it" in text
    home.mine(10)
    home.run("follow")
    assert [two.json["id"]] == [entry["id"] for entry in home.json("request", "list").json["requests"]]
    assert 2 == len(home.json("request", "list", "--all").json["requests"])
    assert [one.json["id"]] == [
        entry["id"] for entry in home.json("request", "list", "--state", "confirmed").json["requests"]
    ]


def test_one_request(home: House) -> None:
    """Its lines, words, payments with txid and state, and every step with its time."""
    built = home.transfer("--purpose", "rent")
    home.run("submit", home.answered(built.json["file"]))
    home.mine(10)
    home.run("follow")
    shown = home.json("request", "show", built.json["id"][:10]).json
    payment = shown["payments"][0]
    assert ("confirmed", 41, 10) == (payment["state"], payment["height"], payment["confirmations"])
    assert {"toAddr": PAYEE.text, "wartE8": 100_000_000} == payment["fields"]
    states = [step["state"] for step in shown["history"][payment["payment_id"]]]
    assert ["draft", "issued", "answered", "unknown", "submitted", "confirmed"] == states
    text, rows = home.run("request", "show", built.json["id"]).out, in_rows(built.json["words"])
    assert all(part in text for part in (*rows, payment["txid"], "10 confirmations", "rent", "done"))


def test_unknown_ids(home: House) -> None:
    """Each with its code."""
    for text, code in (("abcdef", "request.unknown"), ("xyz", "request.bad-id")):
        assert code == home.json("request", "show", text).code
        assert code == home.json("request", "export", text).code
        assert code == home.json("follow", text).code


def test_a_response_again(home: House) -> None:
    """It does no harm, and posts nothing twice."""
    response = home.answered(home.transfer().json["file"])
    assert 0 == home.run("submit", response).status
    assert 0 == home.run("submit", response, response).status
    assert 1 == len([request for request in home.servers[0].requests if request.method == "POST"])


def test_several_responses_at_once(home: House) -> None:
    """All are checked and stored before the first is sent."""
    files = [home.answered(home.transfer(amount=str(amount)).json["file"]) for amount in (1, 2)]
    sent = home.json("submit", *files)
    assert ["submitted", "submitted"] == [one["state"] for one in sent.json["requests"]]
    bad = home.answered(home.transfer(amount="3").json["file"])
    Path(bad).write_bytes(Path(bad).read_bytes()[:-1])
    good = home.answered(home.transfer(amount="4").json["file"])
    assert "cbor.cut" == home.json("submit", good, bad).code
    assert 2 == len([request for request in home.servers[0].requests if request.method == "POST"])


def test_an_unknown_outcome(home: House) -> None:
    """Status 6, the payment is listed as unknown, and the way on is named."""
    response = home.answered(home.transfer().json["file"])
    home.servers[0].faults.arm(FaultKind.DROP, "/transaction/add")
    ran = home.json("submit", response)
    assert (6, "warthog.submit.unknown", "unknown") == (ran.status, ran.code, ran.json["requests"][0]["state"])
    assert "send nothing new" in home.run("request", "list").out
    assert 0 == home.run("submit", response).status


def test_a_rejection(home: House) -> None:
    """Status 4 and the node's words."""
    response = home.answered(home.transfer().json["file"])
    home.node.set_min_fee(5_000_000)
    ran = home.json("submit", response)
    assert (4, "warthog.submit.rejected") == (ran.status, ran.code)
    assert "rejected" in home.run("submit", response).out


def test_a_refusal_of_the_device(home: House) -> None:
    """It is an answer: stored, shown, nothing sent, no error."""
    ran = home.json("submit", home.answered(home.transfer().json["file"], refuse=(0,)))
    assert (0, "refused") == (ran.status, ran.json["requests"][0]["state"])


def test_no_node_to_submit_to(home: House) -> None:
    """The answer is stored, and nothing sent."""
    response = home.answered(home.transfer().json["file"])
    home.run("node", "remove", home.servers[0].url, "--network", "defi")
    assert "warthog.no-node" == home.json("submit", response).code
    assert ["answered"] == [stored.state.value for stored in home.stored()]


def test_a_node_that_is_down(home: House) -> None:
    """Status 5: certainly nothing was sent."""
    response = home.answered(home.transfer().json["file"])
    home.servers[0].stop()
    ran = home.json("submit", response)
    assert (5, "http.connect", "answered") == (ran.status, ran.code, ran.json["requests"][0]["state"])


def _bad_files(folder: Path) -> dict[str, Path]:
    made = {name: folder / name for name in ("folder", "pipe", "link", "empty", "text", "large", "cut", "missing")}
    made["folder"].mkdir()
    os.mkfifo(made["pipe"])
    made["link"].symlink_to(made["empty"])
    made["empty"].write_bytes(b"")
    made["text"].write_text("this is not the response that you are looking for")
    made["large"].write_bytes(bytes(2 * limits.MESSAGE_BYTES))
    return made


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("folder", "file.is-folder"),
        ("pipe", "file.not-regular"),
        ("link", "file.is-link"),
        ("empty", "file.empty"),
        ("text", "message.is-text"),
        ("large", "file.too-large"),
        ("cut", "cbor.cut"),
        ("missing", "file.missing"),
    ],
)
def test_what_is_no_response(home: House, name: str, code: str) -> None:
    """Each has its own clear error, and the ledger stands as it stood."""
    request = home.transfer().json["file"]
    files = _bad_files(home.folder)
    files["cut"].write_bytes(home.device.answer(Path(request).read_bytes())[:-10])
    ran = home.json("submit", str(files[name]))
    assert (code, "issued") == (ran.code, home.stored()[0].state.value)


def test_a_response_of_another_device(home: House) -> None:
    """It is not paired."""
    request = Path(home.transfer().json["file"])
    (home.folder / "other.response").write_bytes(Device("cold-2").answer(request.read_bytes()))
    assert "message.unknown-signer" == home.json("submit", str(home.folder / "other.response")).code


def test_every_byte_of_a_response_counts(home: House) -> None:
    """One flipped bit anywhere is refused with a code, and nothing is stored."""
    built = home.transfer()
    good = home.device.answer(Path(built.json["file"]).read_bytes())
    with home.host() as host:
        for place in range(len(good)):
            bent = bytearray(good)
            bent[place] ^= 1 << place % 8
            with pytest.raises(ColdtuskError):
                taking.take(host, bytes(bent))
    assert "issued" == home.stored()[0].state.value


def test_following_says_what_happens(home: House) -> None:
    """Each change is a line; a node that is down is named, once."""
    home.run("submit", home.answered(home.transfer().json["file"]))
    ran = home.run("follow", "--once")
    assert "seen       pending" in ran.out
    assert "1 still waited for." in ran.out
    home.servers[0].faults.arm(FaultKind.GARBAGE, times=20)
    down = home.run("follow", "--timeout", "0.2", "--interval", "0.05")
    assert 1 == down.out.count("is down, going on with the others")
    home.servers[0].faults.clear()
    home.mine(10)
    done = home.run("follow")
    assert "confirmed  mined in block 41, 10 confirmations" in done.out
    assert "All settled." in done.out


def test_following_has_an_end(home: House) -> None:
    """Status 5 when time is over, 6 while something is unknown, 4 when a payment expired."""
    response = home.answered(home.transfer().json["file"])
    home.run("submit", response)
    late = home.json("follow", "--timeout", "0.1", "--interval", "0.05")
    assert (5, "follow.timeout") == (late.status, late.code)
    home.node.set_min_fee(5_000_000)
    unknown = home.json("follow", "--timeout", "0.1", "--interval", "0.05")
    assert (6, "follow.timeout") == (unknown.status, unknown.code)
    home.mine(8300)
    gone = home.json("follow")
    assert (4, "follow.not-mined") == (gone.status, gone.code)


def test_status_0_of_a_request_by_its_id_means_paid(home: House) -> None:
    """What was not sent, and what expired in an earlier round, are refused each time they are asked for."""
    built = home.transfer()
    id_ = built.json["id"]
    assert (4, "follow.not-sent") == ((idle := home.json("follow", id_)).status, idle.code)
    everything = home.run("follow")
    assert (0, "Nothing is waited for; 1 not sent: see `request list`.\n") == (everything.status, everything.out)
    home.mine(8300)
    for _ in range(2):
        assert (4, "follow.not-mined") == ((gone := home.json("follow", id_)).status, gone.code)
    assert "All settled.\n" == home.run("follow").out


def test_nobody_to_ask(home: House) -> None:
    """Without a node there is nothing to wait for, and no asset that is not there."""
    home.run("submit", home.answered(home.transfer().json["file"]))
    home.run("node", "remove", home.servers[0].url, "--network", "defi")
    assert "warthog.no-node" == home.json("follow").code
    assert "warthog.no-node" == home.json("warthog", "asset", "TOK").code


def test_following_comes_back(home: House) -> None:
    """A node that answers again is said so."""
    home.run("submit", home.answered(home.transfer().json["file"]))
    home.servers[0].faults.arm(FaultKind.GARBAGE, times=2)
    ran = home.run("follow", "--timeout", "0.3", "--interval", "0.05")
    assert "answers again" in ran.out


def test_a_foreign_asset_is_loud(home: House) -> None:
    """The error is the command's."""
    out = home.folder / "create.request"
    common = ("--from", "treasury", "--out", str(out))
    home.run("warthog", "create-asset", "--name", "TOK", "--decimals", "4", "--supply", "10", *common)
    home.run("submit", home.answered(str(out)))
    home.mine(10)
    home.node.state.assets.update(
        {key: replace(asset, owner=AccountId(99)) for key, asset in home.node.state.assets.items()}
    )
    assert "warthog.asset.other-owner" == home.json("follow", "--once").code


def test_the_head_and_the_fee(home: House) -> None:
    """As all nodes say it, and as it would be paid."""
    head = home.json("warthog", "head").json
    assert (START_HEIGHT, 32, home.node.pin_hash.hex()) == (head["length"], head["pin_height"], head["pin_hash"])
    fee = home.json("warthog", "fee", "0.0101").json
    assert (1_000_448, 1_010_176, 1_009_664) == (fee["minimum_e8"], fee["ceil_e8"], fee["floor_e8"])
    assert "rounded up" in home.run("warthog", "fee", "0.0101").out


def test_the_network_is_never_guessed(home: House) -> None:
    """With nodes of both, it must be said."""
    home.run("node", "add", "http://127.0.0.1:9", "--network", "main", "--unchecked")
    assert "cli.usage" == home.json("warthog", "head").code
    assert START_HEIGHT == home.json("warthog", "head", "--network", "defi").json["length"]


def test_balances(home: House) -> None:
    """By label or by address; of a stranger too."""
    mine = home.json("warthog", "balance", "treasury").json
    assert "1000.00000000" == mine["wart"]["free"]
    assert "0.00000000" == home.json("warthog", "balance", PAYEE.text).json["wart"]["total"]
    assert "warthog.address.form" == home.json("warthog", "balance", "nobody").code
    home.run("account", "add", PAYEE.text, "--network", "defi", "--label", "one")
    home.run("account", "add", PAYEE.text, "--network", "main", "--label", "two")
    assert "account.ambiguous" == home.json("warthog", "balance", PAYEE.text).code
    assert 0 == home.run("warthog", "balance", PAYEE.text, "--network", "defi").status


def test_assets_and_prices(home: House) -> None:
    """By hash with the proof, by name without; a price by proved or given decimals."""
    out = home.folder / "create.request"
    common = ("--from", "treasury", "--out", str(out))
    home.run("warthog", "create-asset", "--name", "TOK", "--decimals", "4", "--supply", "10", *common)
    home.run("submit", home.answered(str(out)))
    home.mine()
    hash_ = home.stored()[0].payments[0].txid.hex()
    assert ("TOK", 4, "10.0000") == tuple(
        home.json("warthog", "asset", hash_).json[key] for key in ("name", "decimals", "supply")
    )
    assert [hash_] == [one["hash"] for one in home.json("warthog", "asset", "TOK").json["assets"]]
    assert "No asset's name begins with NONE" in home.run("warthog", "asset", "NONE").out
    by_hash, by_hand = (
        home.json("warthog", "price", "0.07", *how) for how in (("--asset", hash_), ("--decimals", "4"))
    )
    assert by_hash.json == by_hand.json
    assert "to sell" in home.run("warthog", "price", "0.07", "--decimals", "4").out
    assert "cli.usage" == home.json("warthog", "price", "0.07").code
    assert "decimal.form" == home.json("warthog", "price", "1e3", "--decimals", "4").code
    assert "10.0000" in home.run("warthog", "balance", "treasury", "--asset", hash_).out


def test_rehearse_needs_good_funding(home: House) -> None:
    """Before anything is served."""
    assert "rehearse.fund" == home.json("rehearse", "--fund", "x").code
    assert "warthog.address.form" == home.json("rehearse", "--fund", "x=1").code
    assert "decimal.form" == home.json("rehearse", "--fund", f"{PAYEE.text}=x").code
