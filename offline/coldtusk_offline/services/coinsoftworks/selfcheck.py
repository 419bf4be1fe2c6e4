"""Known answers: body and path as Node writes them, and a released result of another implementation of RFC 9180."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from coldtusk_offline.selfcheck import Outcome, outcome
from coldtusk_shared import released
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services.coinsoftworks import body, paths

_ANSWERS = Path(__file__).with_name("selfcheck.json")


def run() -> list[Outcome]:
    """Body, path, and what is released."""
    checks = json.loads(_ANSWERS.read_text(encoding="utf-8"))["checks"]
    return [outcome(check["name"], partial(_CHECKS[check["check"]], check)) for check in checks]


def _body(check: dict[str, Any]) -> bool:
    made = body.of_action([(name, text) for name, text in check["parameters"]])
    expect: str = check["expect"]
    return made.decode("ascii") == expect


def _path(check: dict[str, Any]) -> bool:
    expect: str = check["expect"]
    return paths.fill(check["template"], check["key"]) == expect


def _released(check: dict[str, Any]) -> bool:
    private, enc, sealed, digest = (
        bytes.fromhex(check[name]) for name in ("reply_private_key", "enc", "ciphertext", "request_digest")
    )
    opened = released.open_(private, enc, sealed, digest, PaymentId(bytes.fromhex(check["payment_id"])))
    expect: str = check["expect"]
    return opened.hex() == expect


_CHECKS: dict[str, Callable[[dict[str, Any]], bool]] = {"body": _body, "path": _path, "released": _released}
