"""``sign`` at a real terminal: reviewed, confirmed, refused, interrupted, closed, typed ahead; then the next try."""

import signal
import time
from pathlib import Path

import pytest

from coldtusk_shared import response
from coldtusk_shared.envelope import MessageType, key_id, open_sealed
from coldtusk_shared.response import RefusedItem, Response, Signed
from coldtusk_shared.services.warthog.evidence import Evidence
from tests.offline.commands import TYPED, Place, error_of, make_place
from tests.offline.payments import item, sealed, transfer, under

PHRASE = "send 1.5 WART to 6f93"
PROMPT = "To refuse   type  refuse\r\n> "


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A device, and a request for it."""
    made = make_place(tmp_path)
    made.put("a.request", sealed(made.desk, transfer(made.desk)))
    return made


def answer(place: Place, name: str = "a.response") -> Response:
    """The response as the host reads it."""
    with place.desk.open() as device:
        public = device.vault.identity.public_key
    message = (place.folder / name).read_bytes()
    return response.parse(open_sealed(message, MessageType.RESPONSE, {key_id(public): public}).payload)


def journal(place: Place) -> int:
    """The number of its entries."""
    with place.desk.open() as device:
        return device.journal.seq


def test_confirmed(place: Place) -> None:
    """The response is written for this user alone; the screen names it and the journal's head; status 0."""
    ended = place.opened("sign", "a.request", "--out", "a.response").answers(PROMPT, PHRASE).ends()
    assert ended.status == 0
    assert "Signed 1 of 1. The response is a.response.\nJournal entry 1, head: " in ended.shown
    [result] = answer(place).results
    assert isinstance(result, Signed)
    assert 0o600 == (place.folder / "a.response").stat().st_mode & 0o777
    assert TYPED not in ended.shown


def test_the_same_again(place: Place) -> None:
    """Nobody is asked; the file is the same; never over one that is there."""
    place.opened("sign", "a.request", "--out", "a.response").answers(PROMPT, PHRASE).ends()
    ended = place.opened("sign", "a.request", "--out", "b.response").ends()
    assert ended.status == 0
    assert "This request was answered before: the same response is given again (b.response)." in ended.shown
    assert (place.folder / "a.response").read_bytes() == (place.folder / "b.response").read_bytes()
    assert (4, "file.exists") == error_of(place.piped("sign", "a.request", "--out", "a.response"))


def test_refused(place: Place) -> None:
    """Recorded and answered, with the reason; status 0, since this is an answer."""
    session = place.opened("sign", "a.request", "--out", "a.response").answers(PROMPT, "refuse")
    ended = session.answers("reason> ", "wrong payee").ends()
    assert ended.status == 0
    assert "Refused; nothing was signed. The response says so: a.response." in ended.shown
    [result] = answer(place).results
    assert isinstance(result, RefusedItem)
    assert ("operator.refused", "wrong payee") == (result.code, result.reason)


def test_not_confirmed(place: Place) -> None:
    """Three lines that are not the phrase: status 4, no response, no entry."""
    session = place.opened("sign", "a.request", "--out", "a.response").answers(PROMPT, "y")
    ended = session.answers("again.\r\n> ", "").answers("again.\r\n> ", "yes").ends()
    assert (4, "review.not-confirmed") == error_of(ended)
    assert not (place.folder / "a.response").exists()
    assert journal(place) == 0


def test_interrupted(place: Place) -> None:
    """Ctrl-C at the prompt: status 130, nothing recorded; the next try works."""
    session = place.opened("sign", "a.request", "--out", "a.response").sees(PROMPT)
    session.child.sendintr()
    ended = session.ends()
    assert ended.status == 130
    assert "interrupted; nothing more was done" in ended.shown
    assert (0, False) == (journal(place), (place.folder / "a.response").exists())
    assert place.opened("sign", "a.request", "--out", "a.response").answers(PROMPT, PHRASE).ends().status == 0


def test_interrupted_at_the_passphrase(place: Place) -> None:
    """The terminal shows again what is typed."""
    session = place.at_terminal("sign", "a.request", "--out", "a.response").sees("Passphrase: ")
    assert session.child.waitnoecho(timeout=10)
    session.child.sendintr()
    assert session.ends().status == 130


def test_closed_terminal(place: Place) -> None:
    """The window is closed, or the line of the terminal breaks: nothing is signed, and the next try works."""
    session = place.opened("sign", "a.request", "--out", "a.response").sees(PROMPT)
    session.child.close(force=False)
    for _ in range(100):
        if not session.child.isalive():
            break
        time.sleep(0.05)
    assert (signal.SIGHUP, 0) == (session.child.signalstatus, journal(place))
    assert place.opened("sign", "a.request", "--out", "a.response").answers(PROMPT, PHRASE).ends().status == 0


def test_end_of_input(place: Place) -> None:
    """Ctrl-D at the prompt is no confirmation."""
    session = place.opened("sign", "a.request", "--out", "a.response").sees(PROMPT)
    session.child.sendeof()
    assert (4, "terminal.closed") == error_of(session.ends())
    assert journal(place) == 0


def test_what_is_typed_ahead_confirms_nothing(place: Place) -> None:
    """The whole confirmation, several times, before the screen is there: a hurried operator, or a device that types."""
    session = place.at_terminal("sign", "a.request", "--out", "a.response").sees("Passphrase: ")
    session.types(TYPED)
    for _ in range(5):
        session.types(PHRASE)
    ended = session.answers(PROMPT, "n").answers("again.\r\n> ", "n").answers("again.\r\n> ", "n").ends()
    assert (4, "review.not-confirmed") == error_of(ended)
    assert journal(place) == 0


def test_second_line_of_one_burst_confirms_nothing(place: Place) -> None:
    """A wrong line and the phrase behind it, typed at once when the prompt is there."""
    session = place.opened("sign", "a.request", "--out", "a.response").sees(PROMPT)
    session.child.send("n\n")
    session.sees("again.\r\n> ").types("n").answers("again.\r\n> ", "n")
    assert (4, "review.not-confirmed") == error_of(session.ends())


def test_without_a_terminal(place: Place) -> None:
    """A script signs nothing: status 5, and it is not asked for a passphrase."""
    ended = place.piped("sign", "a.request", "--out", "a.response")
    assert (5, "terminal.none") == error_of(ended)
    assert "Passphrase" not in ended.shown


def test_changed_request_with_the_same_payment(place: Place) -> None:
    """Refused before the review is shown."""
    payment = transfer(place.desk)
    place.put("b.request", sealed(place.desk, payment))
    place.put("c.request", sealed(place.desk, under(payment.payment_id, transfer(place.desk, 6))))
    place.opened("sign", "b.request", "--out", "b.response").answers(PROMPT, PHRASE).ends()
    ended = place.opened("sign", "c.request", "--out", "c.response").ends()
    assert (4, "payment.signed-otherwise") == error_of(ended)
    assert "REVIEW" not in ended.shown


def test_response_that_cannot_be_written_is_given_again(place: Place) -> None:
    """The folder vanished during the review: it is recorded, and the same command with another place gives it."""
    (place.folder / "stick").mkdir()
    session = place.opened("sign", "a.request", "--out", "stick/a.response").sees(PROMPT)
    (place.folder / "stick").rmdir()
    assert (3, "file.no-folder") == error_of(session.types(PHRASE).ends())
    assert journal(place) == 1
    ended = place.opened("sign", "a.request", "--out", "a.response").ends()
    assert ended.status == 0
    assert isinstance(answer(place).results[0], Signed)


def test_link_that_appears_during_the_review_is_not_followed(place: Place) -> None:
    """Somebody else writes on the stick as well."""
    session = place.opened("sign", "a.request", "--out", "a.response").sees(PROMPT)
    (place.folder / "a.response").symlink_to(place.folder / "target")
    assert (4, "file.exists") == error_of(session.types(PHRASE).ends())
    assert not (place.folder / "target").exists()


def test_request_that_changes_during_the_review_changes_nothing(place: Place) -> None:
    """What was read is what is shown and signed."""
    session = place.opened("sign", "a.request", "--out", "a.response").sees(PROMPT)
    place.put("a.request", sealed(place.desk, transfer(place.desk, 6)))
    assert session.types(PHRASE).ends().status == 0
    shown = [row for row in session.shown.splitlines() if row.startswith("Amount")]
    assert ["Amount      1.50000000 WART"] == shown
    place.put("b.request", sealed(place.desk, transfer(place.desk)))
    assert journal(place) == 1


def test_two_at_a_time(place: Place) -> None:
    """The second is told that the first works here."""
    session = place.opened("sign", "a.request", "--out", "a.response").sees(PROMPT)
    assert (4, "file.busy") == error_of(place.opened("account", "list").ends())
    assert session.types(PHRASE).ends().status == 0


def test_terminal_of_another_encoding(place: Place) -> None:
    """What it cannot show is shown escaped, not a fault."""
    place.put("b.request", sealed(place.desk, transfer(place.desk), purpose="M\u00e4rz \u7d66\u4e0e"))
    session = place.at_terminal("sign", "b.request", "--out", "b.response", PYTHONIOENCODING="ascii").unlocks()
    assert session.answers(PROMPT, PHRASE).ends().status == 0
    assert 'the host says: "M\\xe4rz \\u7d66\\u4e0e"' in session.shown


def test_batch(place: Place) -> None:
    """Confirmed once, by the number and a word that both halves show."""
    desk = place.desk
    items = (item(desk, name, Evidence(), nonce_id=place) for place, name in enumerate(("wartTransfer", "cancelation")))
    place.put("b.request", sealed(desk, *items))
    session = place.opened("sign", "b.request", "--out", "b.response").sees("To sign     type  ")
    session.sees("\n")
    phrase = session.shown.rpartition("type  ")[2].strip()
    assert phrase.startswith("sign 2 payments ")
    assert session.answers("> ", phrase).ends().status == 0
    assert 2 == len(answer(place, "b.response").results)
