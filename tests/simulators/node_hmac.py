"""HMACs and hashes by Node's crypto: an implementation that shares nothing with ours. One process for many rows."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from tests.simulators.programs import node

_SCRIPT = """
const crypto = require("crypto");
const rows = JSON.parse(require("fs").readFileSync(0, "utf8"));
const bytes = (hex) => Buffer.from(hex, "hex");
const made = rows.map(([algorithm, key, message]) =>
  (key === null ? crypto.createHash(algorithm) : crypto.createHmac(algorithm, bytes(key)))
    .update(bytes(message)).digest("hex"));
process.stdout.write(JSON.stringify(made));
"""


@dataclass(frozen=True, slots=True)
class Mac:
    """One HMAC wanted: ``sha512`` or ``sha256`` of *message* under *key*."""

    algorithm: str
    key: bytes
    message: bytes


def node_hmacs(rows: Iterable[Mac]) -> list[str]:
    """The HMACs of *rows* in hex, in their order."""
    return _node([[row.algorithm, row.key.hex(), row.message.hex()] for row in rows])


def node_sha256(messages: Iterable[bytes]) -> list[str]:
    """The SHA-256 of each of *messages* in hex, in their order."""
    return _node([["sha256", None, message.hex()] for message in messages])


def _node(rows: list[list[str | None]]) -> list[str]:
    answered: list[str] = json.loads(node(_SCRIPT, json.dumps(rows)))
    return answered
