"""Known answers: the vendor's own client, and RFC 4231 for the HMAC."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from coldtusk_offline.mac import Digest, mac_of
from coldtusk_offline.secret import Secret
from coldtusk_offline.selfcheck import Outcome, outcome
from coldtusk_shared.services.coinrpc import safe_json
from coldtusk_shared.services.coinrpc.body import message

_ANSWERS = Path(__file__).with_name("selfcheck.json")


def run() -> list[Outcome]:
    """The HMAC alone, then calls as the vendor's client signs them."""
    checks = json.loads(_ANSWERS.read_text(encoding="utf-8"))["checks"]
    return [outcome(check["name"], partial(_CHECKS[check["check"]], check)) for check in checks]


def _hmac(check: dict[str, Any]) -> bool:
    found = mac_of(Secret(bytes.fromhex(check["key"])), bytes.fromhex(check["data"]), Digest.SHA256)
    return found == bytes.fromhex(check["expect"])


def _call(check: dict[str, Any]) -> bool:
    params = tuple((name, value) for name, value in check["params"])
    safe_json.check(check["method"], params, "check")
    made = message(safe_json.call(check["id"], check["method"], params), check["timestamp"])
    mac = mac_of(Secret(check["secret"].encode()), made, Digest.SHA256)
    return (made.decode("ascii"), mac.hex()) == (check["signed"], check["expect"])


_CHECKS: dict[str, Callable[[dict[str, Any]], bool]] = {"hmac": _hmac, "call": _call}
