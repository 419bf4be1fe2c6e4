"""Messages that must be refused, one for each rule, as sentences: ``tests/vectors/messages/reject.json``.

Each is a golden message with one thing wrong; the signature is right unless it is the one thing. *stage* is the step
that must catch it: read (the envelope's form), open (type, signer, signature), parse (the fields' form), rules (what a
node would not take) or evidence (what contradicts the transaction). Calls of payment services have no stages of their
own: their rules belong to parsing.
``python tests/shared/rejected_messages.py`` writes the file anew.
"""

import json
import sys
from pathlib import Path

if __package__ in {None, ""}:  # started as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.shared import (
    rejected_answers,
    rejected_calls,
    rejected_envelopes,
    rejected_requests,
    rejected_transactions,
)
from tests.shared.rejecting import Rejected
from tests.shared.vector_making import FOLDER

FILE = FOLDER / "reject.json"
_NOTE = "Each message is refused by its stage, for one reason alone. Made by tests/shared/rejected_messages.py."


def rejected() -> list[Rejected]:
    """All of them."""
    modules = (rejected_envelopes, rejected_requests, rejected_transactions, rejected_answers, rejected_calls)
    return [one for module in modules for one in module.rejected()]


def text() -> str:
    """The file."""
    return json.dumps({"note": _NOTE, "vectors": [one.member() for one in rejected()]}, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    print(f"{len(rejected())} rejected messages")
