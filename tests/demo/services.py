"""The payment services' part of the demo: one call to each over the gap, and one notification of each kind.

The stand-ins verify what they get by code of their own; secrets go from files into the vault, never into an argument.
"""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from coldtusk_online.rehearsal.payments import ipn, webhook
from coldtusk_online.rehearsal.payments.books import Entry, Service
from coldtusk_online.rehearsal.payments.credentials import REHEARSAL
from tests.demo.stage import Session, Stage, open_vault, title

PAYEE = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"
ASSET_PAYEE = "ssw5De84Cm5BynnWsuF9cXZmFp4bb3fNEeqvh"
FOLDER = "stand-ins"
WALLET = "bitcoin-1"
AHEAD = {False: "12s", True: "30s"}
"""As long as the other calls take, roughly, as files and by light: then it is sent."""


Carry: TypeAlias = Callable[..., tuple[str, ...]]
"""Builds a call and has it signed; what ``submit`` is to read."""


def play(stage: Stage, *, by_light: bool) -> None:
    """All of it; the calls cross as files, or *by_light*."""
    carry: Carry = carry_by_light if by_light else carry_by_file
    title("The payment services: stand-ins, with an authority of their own")
    settings = stage.serve("rehearse-services", "--folder", FOLDER, until='url = "https://127.0.0.1:', count=4)
    configure(stage.path / "online" / "settings.toml", settings)
    enrol(stage)
    title("CoinRPC: a balance, asked for at a time that is chosen ahead")
    balance = carry(stage, "coinrpc", "get-balance", "--currency", "BTC", "--in", AHEAD[by_light])
    title("CoinPayments: a withdrawal")
    paid = carry(
        stage, "coinpayments", "create-withdrawal", "--amount", "0.125", "--currency", "BTC", "--address", PAYEE
    )
    stage.online("submit", *paid)
    title("CoinSpark: an asset; its key is released inside this one call")
    stage.online("submit", *carry(stage, "coinspark", "create-asset", *asset()))
    title("coinsoftworks: an action; its token buys a bearer token, and is gone")
    fields = ("--field", f"to={PAYEE}", "--field", "amount=0.25")
    stage.online("submit", *carry(stage, "coinsoftworks", "execute", "send_btc", *fields))
    title("CoinRPC: its time has come")
    stage.online("submit", *balance)
    notices(stage)


def configure(path: Path, printed: list[str]) -> None:
    """Paste the lines that the stand-ins print into the settings."""
    lines = printed[printed.index("") + 1 :]
    authority = next(line for line in lines if line.startswith("ca_file"))
    tables = "\n".join(line for line in lines if line != authority)
    path.write_text(f"{authority}\n{path.read_text(encoding='utf-8')}\n{tables}\n", encoding="utf-8")


def enrol(stage: Stage) -> None:
    """The four secrets into the vault, and what is public of them to the host."""
    title("The device: secrets from files into the vault")
    session = enrolling(stage, "coinpayments", "coinpayments-private-key")
    session.answer("Public key> ", REHEARSAL.coinpayments_public)
    session.answer("or nothing> ", "")
    tell_time(session)
    keep(session, "coinpayments")
    session = enrolling(stage, "coinrpc", "coinrpc-api-secret", "--table", f"{FOLDER}/coinrpc-methods.toml")
    session.answer("API key> ", REHEARSAL.coinrpc_key)
    keep(session, "coinrpc")
    keep(enrolling(stage, "coinspark", "coinspark-api-key"), "coinspark")
    token = "coinsoftworks-simple-access-token"
    session = enrolling(stage, "coinsoftworks", token, "--table", f"{FOLDER}/coinsoftworks-actions.toml")
    session.answer("(or nothing)> ", REHEARSAL.coinsoftworks_account, secret=True)
    for _path in ("authenticate", "settings", "actions", "user"):
        session.answer("{key}]> ", "")
    session.answer("[POST]> ", "")
    keep(session, "coinsoftworks")
    open_vault(stage, "card", "--out", "services.card").end()
    stage.online("account", "import", "services.card")


def enrolling(stage: Stage, system: str, secret: str, *options: str) -> Session:
    """The command; its secret comes from a file, as it would from a stick."""
    return open_vault(
        stage, "secret", "enrol", system, "--label", f"{system}-1", "--file", f"{FOLDER}/{secret}", *options
    )


def keep(session: Session, system: str) -> None:
    """What is shown is what is meant."""
    session.answer("type its label> ", f"{system}-1")
    session.end()


def tell_time(session: Session) -> None:
    """Look at a watch."""
    session.answer("YYYY-MM-DD HH:MM)> ", datetime.now(UTC).strftime("%Y-%m-%d %H:%M"))


def carry_by_file(stage: Stage, system: str, command: str, *options: str) -> tuple[str, ...]:
    """Build, carry, tell the time, review, sign, carry back."""
    build(stage, system, command, *options)
    session = open_vault(stage, "sign", f"{system}.request", "--out", f"{system}.response")
    tell_time(session)
    session.type(session.phrase("> "))
    session.end()
    return (f"{system}.response",)


def carry_by_light(stage: Stage, system: str, command: str, *options: str) -> tuple[str, ...]:
    """No file crosses: what either half shows is filmed, and the other half reads the film."""
    request_id = re.findall(r"^Request ([0-9a-f]{32})$", build(stage, system, command, *options), re.MULTILINE)[0]
    session = stage.at_terminal("online", "request", "show", request_id[:12], "--qr", live=True)
    camera = stage.film(session, f"film-of-{system}-request")
    session.end()
    session = open_vault(stage, "sign", "--scan", camera, "--show", live=True)
    tell_time(session)
    session.type(session.phrase("> "))
    camera = stage.film(session, f"film-of-{system}-response")
    session.end()
    return ("--scan", camera)


def build(stage: Stage, system: str, command: str, *options: str) -> str:
    """The request, in a file too; what the command said."""
    return stage.online(system, command, *options, "--purpose", f"{system} in the demo", "--out", f"{system}.request")


def asset() -> tuple[str, ...]:
    """The document's own example."""
    return (
        *("--asset-url", "https://johnsmith.example/vouchers/"),
        *("--contract-url", "https://johnsmith.example/vouchers/contract.pdf"),
        *("--issuer", "John Smith Restaurants", "--issuer-address", "123 Cookery Street\\nLondon"),
        *("--name", "Voucher for John Smith Restaurants", "--name-short", "John Smith Voucher"),
        *("--description", "Voucher for the purchase of food and drink", "--raw-quantity", "12345"),
        *("--display-multiple", "0.01", "--value-per-unit", "1 Euro", "--send-to-address", ASSET_PAYEE),
    )


def notices(stage: Stage) -> None:
    """An IPN and a webhook, as the services send them, to the receiver."""
    title("Notifications: an IPN of the withdrawal, and a webhook")
    merchant = ("--merchant", REHEARSAL.coinpayments_merchant)
    for service, named, secret in (
        ("coinpayments", merchant, "coinpayments-ipn-secret"),
        ("coinrpc", ("--wallet", WALLET), "coinrpc-webhook-secret"),
    ):
        stage.online("webhooks", "secret", "add", service, *named, "--file", f"{FOLDER}/{secret}")
    url = re.findall(r"http://\S+", stage.serve("webhooks", "serve")[-1])[0]
    withdrawn = entry(
        Service.COINPAYMENTS, "create_withdrawal", withdrawal_id(stage), {"address": PAYEE, "sent": "0.125"}
    )
    fields = ipn.withdrawal_ipn(withdrawn, 2, REHEARSAL.coinpayments_merchant)
    answers = ipn.send_ipn(f"{url}/coinpayments", fields, REHEARSAL.coinpayments_ipn)
    received = entry(Service.COINRPC, "send", "guid-1", {"recipient": PAYEE})
    hook = webhook.receive_fields(received, "SUCCESS", WALLET)
    answers += webhook.send_webhook(f"{url}/coinrpc/{WALLET}", hook, REHEARSAL.coinrpc_webhook)
    if [answer.status for answer in answers] != [200, 200]:
        raise SystemExit(f"the receiver answered {answers}")
    stage.stop_last()
    stage.online("webhooks", "list")
    stage.online("request", "list", "--all")


def withdrawal_id(stage: Stage) -> str:
    """The service's own name of the withdrawal, as the ledger has it."""
    requests = stage.online_json("request", "list", "--all")["requests"]
    shown = [stage.online_json("request", "show", one["id"]) for one in requests]
    calls = [call for one in shown for call in one.get("calls", [])]
    return next(str(call["reference"]) for call in calls if call["kind"] == "coinpayments/create_withdrawal")


def entry(service: Service, command: str, identity: str, fields: dict[str, str]) -> Entry:
    """What the service would have booked."""
    common = {"amount": "0.125", "currency": "BTC", **fields}
    return Entry(1, service, command, identity, common, int(time.time()))
