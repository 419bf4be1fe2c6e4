"""Signing: what is released is right, recorded first, and the same for ever."""

import errno
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import coincurve
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from coldtusk_offline import entries
from coldtusk_offline.answer import Answer
from coldtusk_offline.device import Device
from coldtusk_offline.entries import AnswerEntry
from coldtusk_offline.keyring import ORDER, Keyring, SecondOpinion, openssl
from coldtusk_offline.secret import Secret
from coldtusk_offline.services.warthog import sign
from coldtusk_shared import envelope, journal_chain, limits, request, response
from coldtusk_shared.envelope import MessageType, key_id
from coldtusk_shared.request import Item, JournalHead
from coldtusk_shared.response import RefusedItem, Signed
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import WartE8
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.preimage import preimage
from tests.offline.payments import NAMES, code_of, give, item, saving, sealed, transfer, under
from tests.simulators.crash_fs import CrashFs, Fault
from tests.simulators.desk import PAYEE, TREASURY, Desk, make_desk
from tests.simulators.host import HostSigner, TestHost
from tests.simulators.operator import ScriptedOperator


@pytest.fixture
def desk() -> Desk:
    """A device on a simulated medium, and its host."""
    return make_desk(Path("/x"), CrashFs())


@pytest.fixture
def device(desk: Desk) -> Iterator[Device]:
    """The device, opened."""
    with desk.open() as opened:
        yield opened


def outputs(given: Answer) -> list[bytes]:
    """The signatures in *given*, as the host reads them from the message."""
    payload = envelope.read(given.message).payload
    return [result.output for result in response.parse(payload).results if isinstance(result, Signed)]


def txid_of(payment: Item) -> bytes:
    """The SHA-256 of the bytes that must be signed."""
    assert isinstance(payment.content, WarthogContent)
    return hashlib.sha256(preimage(payment.content.transaction)).digest()


def verify(signature: bytes, digest: bytes) -> None:
    """The signature is the treasury's, by two libraries; low s; equal to RFC 6979 of a third implementation."""
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:64])
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256K1(), TREASURY.public_key)
    public.verify(encode_dss_signature(r, s), digest, ec.ECDSA(Prehashed(SHA256())))
    recovered = coincurve.PublicKey.from_signature_and_message(signature, digest, hasher=None)
    assert TREASURY.address == Address.from_public_key(recovered.format()).raw
    assert s <= ORDER // 2
    assert rfc6979(int.from_bytes(TREASURY.private_key.reveal()), digest) == signature[:64]


def rfc6979(key: int, digest: bytes) -> bytes:
    """R and low s with the nonce of RFC 6979 3.2, written out here from its text with HMAC and a curve of our own."""
    secret = key.to_bytes(32) + (int.from_bytes(digest) % ORDER).to_bytes(32)
    value, mac = b"\1" * 32, bytes(32)
    for separator in (b"\0", b"\1"):
        mac = _hmac(mac, value + separator + secret)
        value = _hmac(mac, value)
    nonce = int.from_bytes(value := _hmac(mac, value))
    assert 0 < nonce < ORDER
    point = ec.derive_private_key(nonce, ec.SECP256K1()).public_key().public_numbers()
    r = point.x % ORDER
    s = pow(nonce, -1, ORDER) * (int.from_bytes(digest) + r * key) % ORDER
    return r.to_bytes(32) + min(s, ORDER - s).to_bytes(32)


def _hmac(key: bytes, data: bytes) -> bytes:
    """HMAC-SHA256 from RFC 2104, for a key of 32 bytes."""
    block = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + data).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in block) + inner).digest()


class TestSigning:
    """What comes out."""

    @pytest.mark.parametrize("name", NAMES)
    def test_signs_each_type(self, desk: Desk, device: Device, name: str) -> None:
        """Verified, recovered and computed again by others; the host opens the response and replays the chain."""
        payment = item(desk, name)
        asked = desk.host.request(payment)
        before = device.head
        given, _ = give(device, desk.host.seal(asked))
        pinned = {key_id(device.vault.identity.public_key): device.vault.identity.public_key}
        opened = envelope.open_sealed(given.message, MessageType.RESPONSE, pinned)
        answered = response.parse(opened.payload)
        [result] = answered.results
        assert isinstance(result, Signed)
        verify(result.output, txid_of(payment))
        assert (asked.id, request.digest(request.encode(asked))) == (answered.request_id, answered.request_digest)
        assert (payment.payment_id, device.software) == (result.payment_id, answered.receipt.software)
        assert journal_chain.replay(before.hash, answered.receipt.entries) == answered.receipt.head.hash
        assert before.sequence + 1 == answered.receipt.head.sequence

    def test_the_entry_is_what_the_receipt_names(self, desk: Desk, device: Device) -> None:
        """The last hash of the receipt is that of the entry on the medium, which holds the request as it came."""
        message = sealed(desk, transfer(desk))
        given, _ = give(device, message)
        *_, last = device.journal.entries()
        entry = entries.parse(last.body)
        assert isinstance(entry, AnswerEntry)
        assert given.response.receipt.entries == (journal_chain.entry_hash(last.body),)
        assert (entry.payload, entry.results) == (envelope.read(message).payload, given.response.results)
        assert entry.host == desk.host.signer.public_key

    def test_batch_is_signed_item_by_item(self, desk: Desk, device: Device) -> None:
        """One result an item, in order."""
        items = [item(desk, name, nonce_id=number) for number, name in enumerate(NAMES)]
        given, _ = give(device, sealed(desk, *items))
        for output, one in zip(outputs(given), items, strict=True):
            verify(output, txid_of(one))

    def test_takes_as_many_items_as_a_request_can_have(self, desk: Desk, device: Device) -> None:
        """A thousand, each by its own hash; the response is a message of the usual size."""
        items = [transfer(desk, e8, nonce_id=e8) for e8 in range(1, limits.ITEMS + 1)]
        given, _ = give(device, sealed(desk, *items))
        found = outputs(given)
        assert [one.payment_id for one in items] == [result.payment_id for result in given.response.results]
        for place in (0, 1, 499, 999):
            verify(found[place], txid_of(items[place]))
        assert len(given.message) < limits.MESSAGE_BYTES
        desk.host.made += 1
        more = [transfer(desk, e8, nonce_id=e8) for e8 in range(1, limits.ITEMS + 2)]
        assert code_of(give, device, sealed(desk, *more)) == "field.out-of-range"

    def test_main_network_is_signed_by_its_own_account(self, desk: Desk, device: Device) -> None:
        """Two accounts, two networks."""
        given, screen = give(device, sealed(desk, saving(desk)))
        assert len(outputs(given)) == 1
        assert "Warthog MAIN network" in screen


class TestSameAgain:
    """The same request gets the same bytes, and nobody is asked."""

    def test_in_the_session_after_reopening_and_later(self, desk: Desk) -> None:
        """Byte for byte, with one journal entry."""
        message = sealed(desk, transfer(desk))
        with desk.open() as device:
            first, _ = give(device, message)
            assert not first.again
            second, shown = give(device, message)
            assert (first.message, True, "") == (second.message, second.again, shown)
            give(device, sealed(desk, transfer(desk, 5, nonce_id=8)))
            assert first.message == give(device, message)[0].message
        with desk.open() as device:
            give(device, sealed(desk, transfer(desk, 6, nonce_id=9), head=device.head))
            third, shown = give(device, message)
            assert (first.message, True, "") == (third.message, third.again, shown)
            assert device.journal.seq == 3

    def test_refusals_too(self, desk: Desk) -> None:
        """An operator who said no has answered."""
        message = sealed(desk, transfer(desk))
        with desk.open() as device:
            first, _ = give(device, message, "refuse", "not ours")
        with desk.open() as device:
            assert first.message == give(device, message)[0].message

    def test_signature_of_the_seal_does_not_matter(self, desk: Desk, device: Device) -> None:
        """The payload is the request; but whoever may not ask gets nothing, not even what is known already."""
        asked = desk.host.request(transfer(desk))
        give(device, desk.host.seal(asked))
        stranger = TestHost(HostSigner(b"s" * 32))
        assert code_of(give, device, stranger.seal(asked)) == "message.unknown-signer"

    def test_same_payment_under_another_request_is_signed_again(self, desk: Desk, device: Device) -> None:
        """The same content, so the same signature; the operator is told that it was signed before."""
        payment = transfer(desk)
        first, _ = give(device, sealed(desk, payment))
        second, shown = give(device, sealed(desk, payment, purpose="Lost the stick"))
        assert outputs(first) == outputs(second)
        assert (False, 2) == (second.again, device.journal.seq)
        assert "SECOND" not in shown


class TestNeverTwice:
    """One payment id, one content."""

    @pytest.mark.parametrize(
        "change",
        [{"nonce_id": 8}, {"fee_e8": 1_001_472}, {"pin_height": 1_198_944}, {"pin_hash": bytes(32)}, {"e8": 151}],
    )
    def test_other_content_is_refused_for_ever(self, desk: Desk, change: dict[str, int]) -> None:
        """Each field of a payment that was signed; also after reopening, and before anybody is asked."""
        payment = transfer(desk)
        with desk.open() as device:
            give(device, sealed(desk, payment))
        with desk.open() as device:
            other = under(payment.payment_id, transfer(desk, **change))  # type: ignore[arg-type] # by the table above
            operator = ScriptedOperator()
            assert code_of(give, device, sealed(desk, other)) == "payment.signed-otherwise"
            assert (operator.shown, device.journal.seq) == ([], 1)

    def test_another_account_is_other_content(self, desk: Desk, device: Device) -> None:
        """Two accounts with the same fields have one transaction hash, which does not name the sender."""
        payment = transfer(desk)
        give(device, sealed(desk, payment))
        other = under(payment.payment_id, saving(desk))
        assert txid_of(payment) == txid_of(other)
        assert code_of(give, device, sealed(desk, other)) == "payment.signed-otherwise"

    def test_it_is_found_inside_a_batch(self, desk: Desk, device: Device) -> None:
        """The error names the item; nothing of the batch is signed."""
        payment = transfer(desk)
        give(device, sealed(desk, payment))
        batch = [transfer(desk, 5, nonce_id=5), under(payment.payment_id, transfer(desk, 6))]
        with pytest.raises(Exception, match=r"^request\.items\[1\]: entry 1 of the journal signed payment "):
            give(device, sealed(desk, *batch))

    def test_a_refused_payment_may_be_asked_again(self, desk: Desk, device: Device) -> None:
        """Nothing was signed under its id."""
        payment = transfer(desk)
        give(device, sealed(desk, payment), "refuse", "")
        other = under(payment.payment_id, transfer(desk, 7))
        assert len(outputs(give(device, sealed(desk, other))[0])) == 1

    def test_another_request_with_a_known_id_is_refused(self, desk: Desk, device: Device) -> None:
        """Whatever it asks; also where the first was refused."""
        asked = desk.host.request(transfer(desk))
        give(device, desk.host.seal(asked), "refuse", "")
        for changed in (replace(asked, purpose="other"), replace(asked, items=(transfer(desk, 9),))):
            assert code_of(give, device, desk.host.seal(changed)) == "request.id-reused"

    def test_another_host_cannot_use_a_known_id(self, desk: Desk) -> None:
        """The answer belongs to the host that asked: not even the same payload gets it."""
        asked = desk.host.request(transfer(desk))
        other = TestHost(HostSigner(b"o" * 32))
        with desk.open() as device:
            give(device, desk.host.seal(asked))
            held = device.vault.contents
            first = held.hosts[0]
            second = replace(first, public_key=other.signer.public_key, label="other")
            device.vault.update(replace(held, hosts=(first, second)))
        with desk.open() as device:
            assert code_of(give, device, other.seal(asked)) == "request.id-reused"


class TestDecision:
    """What the operator says."""

    @pytest.mark.parametrize(
        ("typed", "reason"),
        [
            (("refuse", "wrong payee"), "wrong payee"),
            (("refuse", ""), "refused by the operator"),
            (("  refuse ", "  two   words "), "two words"),
            (("no", "refuse", "late"), "late"),
            (("refuse", "\x1b[A", "glitch"), "glitch"),
            (("refuse", "\x1b[A", "a\u202eb", "\x00"), "refused by the operator"),
        ],
    )
    def test_refusal_is_recorded_and_answered(
        self, desk: Desk, device: Device, typed: tuple[str, ...], reason: str
    ) -> None:
        """Every item, with the reason; a reason that is no text is asked for again, the refusal stands."""
        items = [transfer(desk, 1), transfer(desk, 2, nonce_id=8)]
        given, _ = give(device, sealed(desk, *items), *typed)
        expected = tuple(RefusedItem(one.payment_id, "operator.refused", reason) for one in items)
        assert (expected, 1) == (given.response.results, device.journal.seq)
        assert response.parse(envelope.read(given.message).payload) == given.response

    def test_nothing_is_recorded_unless_confirmed(self, desk: Desk, device: Device) -> None:
        """Three tries, then the request can be given again."""
        message = sealed(desk, transfer(desk))
        assert code_of(give, device, message, "y", "yes", "") == "review.not-confirmed"
        assert device.journal.seq == 0
        assert len(outputs(give(device, message)[0])) == 1


class TestWhoMayAsk:
    """Refused before anybody is asked."""

    def refusal(self, device: Device, message: bytes) -> str:
        """The code, with nothing shown and nothing recorded."""
        before = device.head
        code = code_of(give, device, message, "never asked")
        assert before == device.head
        return code

    def test_an_unknown_host(self, desk: Desk, device: Device) -> None:
        """Or this is the wrong device."""
        stranger = TestHost(HostSigner(b"s" * 32))
        asked = desk.host.request(transfer(desk))
        assert self.refusal(device, stranger.seal(asked)) == "message.unknown-signer"

    def test_an_account_of_another_device(self, desk: Desk, device: Device) -> None:
        """Its address is named."""
        payment = desk.host.item(PAYEE, desk.host.transaction(tx.WartTransfer(desk.treasury, WartE8(5))))
        message = sealed(desk, payment)
        assert self.refusal(device, message) == "account.unknown"
        with pytest.raises(Exception, match=rf"^request\.items\[0\]\.account: no account {PAYEE.text} on this device"):
            give(device, message)

    def test_an_account_of_the_other_network(self, desk: Desk, device: Device) -> None:
        """The signed bytes are the same on both networks, so the account decides."""
        transaction = desk.host.transaction(tx.WartTransfer(PAYEE, WartE8(5)), network=Network.MAIN)
        message = sealed(desk, desk.host.item(desk.treasury, transaction))
        assert self.refusal(device, message) == "account.wrong-network"

    def test_a_response_is_no_request(self, desk: Desk, device: Device) -> None:
        """Nor is a card."""
        given, _ = give(device, sealed(desk, transfer(desk)))
        assert self.refusal(device, given.message) == "message.wrong-type"


class TestHostHead:
    """What the host knows of the journal."""

    def test_absent(self, desk: Desk, device: Device) -> None:
        """The receipt names this entry alone."""
        give(device, sealed(desk, transfer(desk, 1)))
        given, _ = give(device, sealed(desk, transfer(desk, 2)))
        assert len(given.response.receipt.entries) == 1

    @pytest.mark.parametrize("known", [0, 1, 2])
    def test_right(self, desk: Desk, device: Device, known: int) -> None:
        """All entries since then, and the chain replays from what the host knows."""
        heads = [device.head]
        for e8 in (1, 2):
            give(device, sealed(desk, transfer(desk, e8)))
            heads.append(device.head)
        given, _ = give(device, sealed(desk, transfer(desk, 3), head=heads[known]))
        receipt = given.response.receipt
        assert 3 - known == len(receipt.entries)
        assert receipt.head == JournalHead(3, journal_chain.replay(heads[known].hash, receipt.entries))

    @pytest.mark.parametrize("head", [JournalHead(0, bytes(32)), JournalHead(1, bytes(32)), JournalHead(2, bytes(32))])
    def test_forked(self, desk: Desk, device: Device, head: JournalHead) -> None:
        """A head that is not ours, or lies in the future: this device was rolled back, or the host is lied to."""
        give(device, sealed(desk, transfer(desk)))
        assert code_of(give, device, sealed(desk, transfer(desk, 2), head=head)) == "journal.fork"
        assert device.journal.seq == 1

    def test_too_far_behind(self, desk: Desk, device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
        """A receipt names CHAIN_SEGMENT entries, that of the answer included: what is released can be read."""
        heads = [device.head]
        for e8 in (1, 2, 3):
            give(device, sealed(desk, transfer(desk, e8)))
            heads.append(device.head)
        monkeypatch.setattr(limits, "CHAIN_SEGMENT", 3)
        behind = sealed(desk, transfer(desk, 4), head=heads[0])
        assert code_of(give, device, behind) == "journal.too-far-behind"
        given, _ = give(device, sealed(desk, transfer(desk, 4), head=heads[1]))
        assert response.parse(envelope.read(given.message).payload) == given.response


class TestHalt:
    """What a faulty library or medium must not release."""

    def second(self, change: Callable[[bytes], bytes]) -> Callable[[], Keyring]:
        """A keyring whose second implementation answers otherwise."""

        def make(key: Secret) -> SecondOpinion:
            right = openssl(key)
            return lambda digest: change(right(digest))

        return lambda: Keyring(make)

    def test_two_implementations_that_differ(self, desk: Desk, device: Device) -> None:
        """One bit is enough; nothing is recorded."""
        keyring = self.second(lambda signature: signature[:-1] + bytes([signature[-1] ^ 1]))
        message = sealed(desk, transfer(desk))
        assert code_of(give, device, message, keyring=keyring) == "sign.implementations-differ"
        assert device.journal.seq == 0

    def test_a_single_item_of_a_batch(self, desk: Desk, device: Device) -> None:
        """The whole batch stays unsigned."""
        items = [transfer(desk, e8, nonce_id=e8) for e8 in (1, 2, 3)]
        last = openssl(TREASURY.private_key)(txid_of(items[-1]))
        keyring = self.second(lambda signature: bytes(64) if signature == last else signature)
        assert code_of(give, device, sealed(desk, *items), keyring=keyring) == "sign.implementations-differ"
        assert device.journal.seq == 0

    def test_a_signature_that_does_not_recover(self, desk: Desk, device: Device) -> None:
        """An account whose public key is not that of its private key: what a memory fault would do."""
        held = device.vault.contents
        wrong = replace(TREASURY, public_key=b"\2" + bytes(31) + b"\1")
        device.vault.update(replace(held, accounts=(wrong, held.accounts[1])))
        assert code_of(give, device, sealed(desk, transfer(desk))) == "sign.not-recovered"
        assert device.journal.seq == 0

    @pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
    def test_a_journal_that_cannot_be_written(self, desk: Desk, number: int) -> None:
        """Nothing is released; with room again the same command goes on."""
        fs = desk.means.fs
        assert isinstance(fs, CrashFs)
        message = sealed(desk, transfer(desk))
        with desk.open() as device:
            fs.fault = Fault(len(fs.steps), number, lasting=False)
            expected = "file.no-space" if number == errno.ENOSPC else "file.io"
            assert expected == code_of(give, device, message)
            fs.fault = None
            assert device.journal.seq == 0
            assert len(outputs(give(device, message)[0])) == 1

    def test_bench_alone_leaves_the_second_out(self) -> None:
        """The signature is the same, and is verified by recovery all the same."""
        alone, both = Keyring(second=None), Keyring()
        for keyring in (alone, both):
            keyring.add(TREASURY)
        digest = hashlib.sha256(b"x").digest()
        assert alone.sign(TREASURY.address, digest) == both.sign(TREASURY.address, digest)

    def test_no_content_of_another_system_is_signed_as_warthog(self, desk: Desk) -> None:
        """That would be our own mistake."""

        class Other:
            """A content of no system."""

            kind = "other/thing"

        payment = replace(transfer(desk), content=Other())  # type: ignore[arg-type] # that is the mistake
        with pytest.raises(RuntimeError, match="other/thing"):
            sign.content_of(payment)

    def test_keyring_shows_no_key(self) -> None:
        """Nor does it sign for an account that was not added."""
        keyring = Keyring()
        keyring.add(TREASURY)
        keyring.add(TREASURY)
        assert repr(keyring) == "<keyring of 1 keys>"
        with pytest.raises(KeyError):
            keyring.sign(PAYEE.raw, bytes(32))


class TestRandomPayments:
    """Equality with RFC 6979 over many digests."""

    def test_two_hundred_digests(self) -> None:
        """Both implementations agree with the text of the RFC, and recovery finds the key."""
        keyring = Keyring()
        keyring.add(TREASURY)
        for number in range(200):
            digest = hashlib.sha256(number.to_bytes(4)).digest()
            verify(keyring.sign(TREASURY.address, digest), digest)
