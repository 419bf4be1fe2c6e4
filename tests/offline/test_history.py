"""What the journal tells: derived from its entries alone, the same in every session."""

from pathlib import Path

from coldtusk_offline import entries
from coldtusk_offline.history import History
from coldtusk_shared.request import JournalHead
from tests.offline.payments import give, saving, sealed, transfer
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import make_desk


def test_a_new_session_knows_what_the_last_one_knew() -> None:
    """Answers, refusals, both networks: read again from the medium, it is equal to what grew in memory."""
    desk = make_desk(Path("/x"), CrashFs())
    with desk.open() as device:
        for message in (sealed(desk, transfer(desk, 1), transfer(desk, 2, nonce_id=8)), sealed(desk, saving(desk))):
            give(device, message)
        give(device, sealed(desk, transfer(desk, 3)), "refuse", "no")
        before = device.history
    with desk.open() as device:
        assert before == device.history
        assert (3, 3) == (len(before.answered), len(before.payments))
        assert {"warthog/defi": 1_207_103, "warthog/main": 1_207_103} == before.latest
        assert before == History.of(device.journal.entries())


def test_other_entries_do_not_count() -> None:
    """Accounts and pairings answer nothing."""
    desk = make_desk(Path("/x"), CrashFs())
    with desk.open() as device:
        device.journal.append(entries.encode(entries.PairingEntry(bytes(32), "office")))
        device.journal.append(entries.encode(entries.AccountEntry("main", bytes(20), "savings")))
        assert History() == History.of(device.journal.entries())


def test_an_answer_names_its_entry() -> None:
    """Sequence and head, as the receipt has them."""
    desk = make_desk(Path("/x"), CrashFs())
    payment = transfer(desk)
    asked = desk.host.request(payment)
    with desk.open() as device:
        give(device, desk.host.seal(asked))
        assert JournalHead(1, device.journal.head) == device.history.answered[asked.id].head
        assert (1, payment) == (
            device.history.payments[payment.payment_id].sequence,
            device.history.payments[payment.payment_id].item,
        )


def test_the_first_signature_of_a_payment_stays_known() -> None:
    """Given again under another request, the first entry is still the one that is named."""
    desk = make_desk(Path("/x"), CrashFs())
    payment = transfer(desk)
    with desk.open() as device:
        give(device, sealed(desk, payment))
        give(device, sealed(desk, payment))
        assert (2, 1) == (device.journal.seq, device.history.payments[payment.payment_id].sequence)


def test_of_equal_intents_the_one_that_lives_longest_counts() -> None:
    """In whatever order they were signed."""
    for pins in ((1_198_912, 1_199_104, 1_190_400), (1_190_400, 1_199_104, 1_198_912)):
        desk = make_desk(Path("/x"), CrashFs())
        with desk.open() as device:
            for pin in pins:
                give(device, sealed(desk, transfer(desk, pin_height=pin)))
            [intent] = device.history.intents.values()
            assert 2 == intent.sequence
            assert {"warthog/defi": 1_199_104 + 8191} == device.history.latest
