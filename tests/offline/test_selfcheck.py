"""The self-check: passes here, and fails by name for every answer that is not the known one."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import coldtusk_offline
import coldtusk_shared
from coldtusk_offline import selfcheck, services, software
from coldtusk_offline.cli import main
from coldtusk_offline.guard import GuardReport, Layer, State
from coldtusk_offline.selfcheck import Outcome
from coldtusk_offline.services.warthog import selfcheck as warthog
from coldtusk_shared.services import names
from tests.offline.payments import code_of

PRIMITIVES: list[dict[str, Any]] = json.loads(selfcheck._ANSWERS.read_text())["checks"]
WARTHOG: dict[str, Any] = json.loads(warthog._ANSWERS.read_text())
FLIPPED = {"expect", "public", "signature", "sealed", "preimage", "txid"}


def other_digit(text: str) -> str:
    """*text* with another last digit."""
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def failed(outcomes: list[Outcome]) -> list[str]:
    """The names of the checks that did not pass."""
    return [outcome.name for outcome in outcomes if not outcome.passed]


def test_passes_on_this_machine() -> None:
    """The primitives, and every system's own: of Warthog the seven types and the words, each by its name."""
    outcomes = selfcheck.run()
    assert [] == failed(outcomes)
    own = [one for leaf in services.self_checks() for one in leaf.run()]
    assert {"warthog", "coinpayments", "coinrpc", "coinspark", "coinsoftworks"} == set(names())
    assert 5 == len(services.self_checks())
    assert len(PRIMITIVES) + len(own) == len(outcomes) == len({outcome.name for outcome in outcomes})
    selfcheck.require()


@pytest.mark.parametrize("place", range(len(PRIMITIVES)), ids=lambda place: PRIMITIVES[place]["check"] + str(place))
def test_every_primitive_is_compared(place: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each expected value changed by one digit is seen, and stops the device."""
    for key in FLIPPED & PRIMITIVES[place].keys():
        checks = json.loads(json.dumps(PRIMITIVES))
        checks[place][key] = other_digit(checks[place][key])
        path = tmp_path / f"{key}.json"
        path.write_text(json.dumps({"checks": checks}))
        monkeypatch.setattr(selfcheck, "_ANSWERS", path)
        assert [PRIMITIVES[place]["name"]] == failed(selfcheck.run())
        assert code_of(selfcheck.require) == "selfcheck.failed"


@pytest.mark.parametrize("place", range(7), ids=lambda place: WARTHOG["transactions"][place]["fields"]["type"])
def test_every_type_is_compared(place: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Preimage, hash, signature, key, address, and every field of the JSON."""
    known = WARTHOG["transactions"][place]
    for key in ("preimage", "txid", "signature", "key", "address", "pin_hash"):
        changed = json.loads(json.dumps(WARTHOG))
        changed["transactions"][place][key] = other_digit(known[key])
        assert [known["name"]] == failed(_run(changed, tmp_path, monkeypatch)), key
    for key, value in known["fields"].items():
        changed = json.loads(json.dumps(WARTHOG))
        changed["transactions"][place]["fields"][key] = other_digit(value) if isinstance(value, str) else value + 32
        assert [known["name"]] == failed(_run(changed, tmp_path, monkeypatch)), key


def test_words_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words, path, key and address."""
    for key, value in (("words", "zoo " * 11 + "wrong"), ("path", "m/44'/2070'/0'/0/1"), ("key", "0" * 64)):
        changed = json.loads(json.dumps(WARTHOG))
        changed["words"][key] = value
        assert ["words to address"] == failed(_run(changed, tmp_path, monkeypatch))


def _run(answers: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Outcome]:
    path = folder / "answers.json"
    path.write_text(json.dumps(answers))
    monkeypatch.setattr(warthog, "_ANSWERS", path)
    return warthog.run()


def test_a_check_that_raises_has_failed() -> None:
    """Whatever a broken library raises."""

    def broken() -> bool:
        raise ZeroDivisionError

    assert Outcome("broken", passed=False) == selfcheck.outcome("broken", broken)


def test_answers_come_from_the_vectors() -> None:
    """Those of the reference node are among the recorded ones."""
    recorded = (Path(__file__).parents[1] / "vectors" / "warthog" / "transactions.json").read_text()
    for answer in WARTHOG["transactions"]:
        assert answer["txid"] in recorded
        assert answer["signature"] in recorded


class TestCommand:
    """``self-check``."""

    report = GuardReport((Layer("audit hook", State.HOLDS, "sockets are refused"),), ())

    def test_says_what_passed_and_what_holds(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Each check, each layer of the guard, the software's digest."""
        assert main.run(["self-check"], lambda: self.report) == 0
        shown = capsys.readouterr().out.splitlines()
        assert "ok      Argon2id (RFC 9106 5.3)" in shown
        assert "audit hook: holds -- sockets are refused" in shown
        assert f"software {software.digest().hex()}" in shown
        assert f"all {len(selfcheck.run())} checks passed" == shown[-1]

    def test_says_what_failed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """And ends as refused."""
        checks = json.loads(json.dumps(PRIMITIVES))
        checks[0]["expect"] = other_digit(checks[0]["expect"])
        (tmp_path / "answers.json").write_text(json.dumps({"checks": checks}))
        monkeypatch.setattr(selfcheck, "_ANSWERS", tmp_path / "answers.json")
        assert main.run(["self-check"], lambda: self.report) == 4
        shown = capsys.readouterr()
        assert f"FAILED  {PRIMITIVES[0]['name']}" in shown.out
        count = len(selfcheck.run())
        assert f"error [selfcheck.failed] 1 of {count} checks failed -- sign nothing with this machine" in shown.err


class TestSoftwareDigest:
    """The digest of the installed code."""

    def test_is_recomputed_by_others(self) -> None:
        """As its docstring says: the hash and path of each file, sorted, both packages."""
        lines = []
        for package in (coldtusk_offline, coldtusk_shared):
            folder = Path(str(package.__file__)).parent
            for path in folder.rglob("*"):
                if path.suffix in {".py", ".cddl", ".txt", ".json"}:
                    digest = hashlib.sha256(path.read_bytes()).hexdigest()
                    lines.append(f"{digest} {folder.name}/{path.relative_to(folder)}\n")
        assert hashlib.sha256("".join(sorted(lines)).encode()).digest() == software.digest()

    def test_changes_with_any_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """One byte, a file more, a file under another name; what Python compiles beside them does not count."""
        copy = tmp_path / "coldtusk_shared"
        shutil.copytree(Path(str(coldtusk_shared.__file__)).parent, copy)
        monkeypatch.setattr(coldtusk_shared, "__file__", str(copy / "__init__.py"))
        found = {software.digest()}
        (copy / "__pycache__" / "x.pyc").parent.mkdir(exist_ok=True)
        (copy / "__pycache__" / "x.pyc").write_bytes(b"compiled")
        assert {software.digest()} == found
        (copy / "words.txt").write_bytes((copy / "words.txt").read_bytes() + b"\n")
        found.add(software.digest())
        (copy / "new.py").write_bytes(b"")
        found.add(software.digest())
        (copy / "new.py").rename(copy / "other.py")
        found.add(software.digest())
        assert len(found) == 4
