"""Known answers: the document's own HMAC, those of public clients, and bodies that another encoder wrote."""

import json
from functools import partial
from pathlib import Path
from typing import Any

from coldtusk_offline.mac import Digest, mac_of
from coldtusk_offline.secret import Secret
from coldtusk_offline.selfcheck import Outcome, outcome
from coldtusk_shared.services.coinpayments import content

_ANSWERS = Path(__file__).with_name("selfcheck.json")


def run() -> list[Outcome]:
    """Every answer by its name."""
    answers = json.loads(_ANSWERS.read_text(encoding="utf-8"))
    macs = [outcome(one["name"], partial(_mac, one)) for one in answers["macs"]]
    return [*macs, *(outcome(one["name"], partial(_body, one)) for one in answers["bodies"])]


def _mac(check: dict[str, Any]) -> bool:
    mac = mac_of(Secret(check["secret"].encode()), check["body"].encode("ascii"), Digest.SHA512)
    return mac == bytes.fromhex(check["hmac"])


def _body(check: dict[str, Any]) -> bool:
    """The body of typed fields, and its HMAC."""
    fields = _integer_keys(check["fields"])
    made = content.parse(check["kind"], check["key"].encode(), fields, {}, "check").body(check["nonce"])
    return made.decode("ascii") == check["body"] and _mac(check)


def _integer_keys(value: Any) -> Any:
    """JSON knows texts as keys only."""
    if isinstance(value, list):
        return [_integer_keys(one) for one in value]
    return {int(key): _integer_keys(one) for key, one in value.items()} if isinstance(value, dict) else value
