"""``make demo``: all seven Warthog transactions cross the gap, and one call to each payment service.

By the commands that an operator uses: a rehearsal node and stand-ins on loopback, a device with its vault, a host;
requests and responses are real files, and one payment crosses by light, both ways: a terminal shows codes, a camera
model films them, the other half reads the film. With ``--qr`` (``make demo QR=1``) everything does, and the codes are
shown on this terminal, too. The prompts are answered through a pseudo-terminal: no option skips the review. It cleans
up after itself.
"""

import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.demo import services
from tests.demo.stage import DICE, PASSPHRASE, Stage, open_vault, title

FRIEND = "34dd616f729b41a463ca877186d898af87260d0037436f93"
BLOCK_SECONDS = "0.05"

Paid: TypeAlias = dict[str, str]
"""The request's id, the transaction hash, and the response's file if there is one."""
Pay: TypeAlias = Callable[..., Paid]
"""Makes a payment of a command and its options."""


def main(arguments: Sequence[str]) -> int:
    """Play all scenes; 0 when every payment was mined."""
    started = time.monotonic()
    all_by_light = "--qr" in arguments
    with Stage(watched=all_by_light) as stage:
        address = make_device(stage)
        make_host(stage, address)
        before = {who: stage.online_json("warthog", "balance", who) for who in ("treasury", "friend")}
        asset = play(stage, pay_by_light if all_by_light else pay_by_file)
        show_balances(stage, before, asset)
        services.play(stage, by_light=all_by_light)
    print(f"\nAll seven types were mined, all four services called. {time.monotonic() - started:.1f} s")
    return 0


def make_device(stage: Stage) -> str:
    """A vault with one account of the defi network; its address."""
    title("The device: a vault, and an account of new words")
    session = stage.at_terminal("offline", "init", "--label", "cold-1", "--cost", "floor")
    session.answer("are better): ", PASSPHRASE, secret=True)
    session.answer("again: ", PASSPHRASE, secret=True)
    session.end()
    session = open_vault(stage, "account", "new", "--network", "defi", "--label", "treasury")
    session.answer("rolls> ", "".join(DICE), secret=True)
    session.answer("on paper> ", "")
    words = re.findall(r"\d+ ([a-z]+)", session.shown)[-24:]
    session.answer("from the paper> ", " ".join(words), secret=True)
    return str(re.findall(r"\b[0-9a-f]{48}\b", session.end())[0])


def make_host(stage: Stage, address: str) -> None:
    """The online half, its node, and the pairing: words go from screen to screen, both ways."""
    title("The host: a node, and pairing with the device")
    node = ("rehearse", "--network", "defi", "--block-seconds", BLOCK_SECONDS, "--fund", f"{address}=1000")
    url = stage.serve(*node)[-1].removeprefix("listening on ")
    stage.online("init", "--label", "demo-desk")
    stage.online("node", "add", url, "--network", "defi")
    host_words = six_words(stage.online("pair", "--out", "host.card"))
    session = open_vault(stage, "pair", "host.card", "--out", "device.card")
    session.answer("words> ", host_words)
    device_words = six_words(session.end())
    session = stage.at_terminal("online", "pair", "device.card")
    session.answer("words", device_words)
    session.end()
    stage.online("account", "add", FRIEND, "--label", "friend", "--network", "defi")


def play(stage: Stage, pay: Pay) -> str:
    """All seven types, by *pay*; the WART by light in any case. The new asset's hash."""
    title("assetCreation")
    created = pay(stage, "create-asset", "--name", "TUSK", "--decimals", "4", "--supply", "1000000")
    settle(stage, created)
    named = ("--asset", created["txid"])
    title("wartTransfer, by light")
    pay_by_light(stage, "transfer", "--to", "friend", "--amount", "12.5", "--fee", "0.015", "--purpose", "Invoice 17")
    title("tokenTransfer of the asset, and liquidityDeposit")
    sent = pay(stage, "token-transfer", *named, "--to", "friend", "--amount", "2500.5")
    settle(stage, sent, pay(stage, "deposit", *named, "--amount", "50000", "--wart", "100"))
    title("tokenTransfer of liquidity shares, and liquidityWithdrawal")
    sent = pay(stage, "token-transfer", *named, "--liquidity", "--to", "friend", "--amount", "0.5")
    submit(stage, sent, pay(stage, "withdraw", *named, "--amount", "1.25"))
    title("limitSwap: sell and buy")
    order = pay(stage, "swap", *named, "--sell", "--amount", "100", "--limit", "0.07")
    settle(stage, order, pay(stage, "swap", *named, "--buy", "--amount", "3", "--limit", "0.0005"))
    title("cancelation of the sell order")
    settle(stage, pay(stage, "cancel", "--request", order["request"]))
    stage.online("request", "list", "--all")
    return created["txid"]


def pay_by_file(stage: Stage, command: str, *options: str) -> Paid:
    """Build, carry, review, sign, carry back."""
    name = f"{command}-{len(list(stage.path.glob('*.request')))}"
    stage.online("warthog", command, "--from", "treasury", *options, "--out", f"{name}.request")
    session = open_vault(stage, "sign", f"{name}.request", "--out", f"{name}.response")
    session.type(session.phrase("> "))
    fields = {row[:12].strip(): row[12:].strip() for row in session.end().splitlines()}
    return {"request": fields["Request"], "txid": fields["Txid"], "response": f"{name}.response"}


def submit(stage: Stage, *paid: Paid) -> None:
    """Send what came back as files; what came by light was sent when it was read."""
    files = [one["response"] for one in paid if "response" in one]
    if files:
        stage.online("submit", *files)


def settle(stage: Stage, *paid: Paid) -> None:
    """Send it, and follow all to its end."""
    submit(stage, *paid)
    stage.online("follow", "--interval", "0.1")


def pay_by_light(stage: Stage, command: str, *options: str) -> Paid:
    """No file crosses: what either half shows is filmed, and the other half reads the film. It is sent at once."""
    name = f"{command}-{len(list(stage.path.glob('*.request')))}"
    built = stage.online("warthog", command, "--from", "treasury", *options, "--out", f"{name}.request")
    request_id = re.findall(r"^Request ([0-9a-f]{32})$", built, re.MULTILINE)[0]
    session = stage.at_terminal("online", "request", "show", request_id[:12], "--qr", live=True)
    camera = stage.film(session, f"film-of-{name}-request")
    session.end()
    session = open_vault(stage, "sign", "--scan", camera, "--show", live=True)
    session.type(session.phrase("> "))
    camera = stage.film(session, f"film-of-{name}-response")
    txid = re.findall(r"^Txid +([0-9a-f]{64})$", session.end(), re.MULTILINE)[0]
    stage.online("submit", "--scan", camera)
    return {"request": request_id, "txid": txid}


def six_words(text: str) -> str:
    """The six words that a screen shows on a line of their own."""
    found = re.findall(r"(?:^|\s\s)((?:[a-z]{3,8} ){5}[a-z]{3,8})\s*$", text, re.MULTILINE)
    return str(found[-1])


def show_balances(stage: Stage, before: dict[str, Any], asset: str) -> None:
    """One table: what both accounts had, and have."""
    title("Balances before and after")
    print(f"    {'':<30}{'before':>18}{'after':>18}{'locked in orders':>20}")
    for who, had in before.items():
        has = stage.online_json("warthog", "balance", who, "--asset", asset)
        for key, name in (("wart", "WART"), ("asset", "TUSK"), ("liquidity", "TUSK pool shares")):
            earlier = had[key]["total"] if key in had else "-"
            row = f"    {f'{who}, {name}':<30}{earlier:>18}{has[key]['total']:>18}{has[key]['locked']:>20}"
            print(row)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\ninterrupted; everything that ran was stopped and removed")
        sys.exit(130)
