"""The known answers of CoinPayments: each is compared, and each wrong one is seen."""

import json
from pathlib import Path
from typing import Any

import pytest

from coldtusk_offline.services.coinpayments import selfcheck

KNOWN: dict[str, list[dict[str, Any]]] = json.loads(selfcheck._ANSWERS.read_text(encoding="utf-8"))
PLACES = [(kind, place) for kind in ("macs", "bodies") for place in range(len(KNOWN[kind]))]


def test_all_pass() -> None:
    """The document's example, two clients', and two bodies."""
    assert [one["name"] for kind in ("macs", "bodies") for one in KNOWN[kind]] == [one.name for one in selfcheck.run()]
    assert all(one.passed for one in selfcheck.run())


@pytest.mark.parametrize(("kind", "place"), PLACES)
@pytest.mark.parametrize("key", ["secret", "body", "hmac"])
def test_every_answer_is_compared(
    kind: str, place: int, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another last character of any of it fails that check alone."""
    answers = json.loads(json.dumps(KNOWN))
    text = answers[kind][place][key]
    answers[kind][place][key] = text[:-1] + ("0" if text[-1] != "0" else "1")
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(answers), encoding="utf-8")
    monkeypatch.setattr(selfcheck, "_ANSWERS", path)
    assert [answers[kind][place]["name"]] == [one.name for one in selfcheck.run() if not one.passed]
