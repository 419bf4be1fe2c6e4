"""What was altered on its way or on the medium is refused with a code; a hostile host finds no crash either."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from coldtusk_offline import home as homes
from coldtusk_offline.device import Device
from coldtusk_offline.kdf import Profile
from coldtusk_shared import cbor, envelope, request, response
from coldtusk_shared.envelope import MessageType, key_id
from coldtusk_shared.errors import BadInput, ColdtuskError, Refused
from tests.offline.payments import NAMES, code_of, give, item, sealed, transfer
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import PASSPHRASE, Desk, fixed_means, make_desk

NO = ("no", "no", "no")


@pytest.fixture(scope="module")
def desk() -> Desk:
    """A device and its host."""
    return make_desk(Path("/x"), CrashFs())


@pytest.fixture(scope="module")
def device(desk: Desk) -> Iterator[Device]:
    """Opened; one answer stands in its journal."""
    with desk.open() as opened:
        give(opened, sealed(desk, transfer(desk, 1, nonce_id=1)))
        yield opened


def flips(data: bytes, masks: Iterable[int] = (0x01, 0x80, 0xFF)) -> Iterator[bytes]:
    """*data* with each byte changed in turn, by each mask."""
    for mask in masks:
        for place, byte in enumerate(data):
            yield data[:place] + bytes([byte ^ mask]) + data[place + 1 :]


def codes(device: Device, messages: Iterable[bytes]) -> set[str]:
    """The codes of the refusals; anything but a refusal, or a trace in the journal, fails the test."""
    before, found = device.head, set()
    for message in messages:
        with pytest.raises((BadInput, Refused)) as caught:
            give(device, message, *NO)
        found.add(caught.value.code.name)
        assert "\n" not in caught.value.line()
    assert before == device.head
    return found


class TestRequests:
    """On the stick, or made by a host that is hostile."""

    def test_every_flipped_byte_of_a_message(self, desk: Desk, device: Device) -> None:
        """Refused before anybody is asked: no screen is shown for it."""
        found = codes(device, flips(sealed(desk, item(desk, "limitSwap-buy"), head=device.head)))
        assert {"message.bad-signature", "message.unknown-signer", "cbor.cut"} <= found
        assert "review.not-confirmed" not in found

    def test_every_cut_and_longer_message(self, desk: Desk, device: Device) -> None:
        """At each length, and with bytes behind it."""
        whole = sealed(desk, transfer(desk))
        found = codes(device, [whole[:length] for length in range(len(whole))])
        assert {"message.empty", "cbor.cut"} == found
        assert {"cbor.trailing-bytes"} == codes(device, [whole + b"\0", whole * 2])

    @pytest.mark.parametrize("name", NAMES)
    def test_every_flipped_byte_of_a_payload_that_the_host_seals(self, desk: Desk, device: Device, name: str) -> None:
        """The pinned host may say anything: it is refused with a code, or shown and not confirmed."""
        payload = request.encode(desk.host.request(item(desk, name), head=device.head))
        changed = (
            envelope.seal(MessageType.REQUEST, one, desk.host.signer) for one in flips(payload, (0x01, 0x20, 0xFF))
        )
        found = codes(device, changed)
        assert {"review.not-confirmed", "field.missing"} <= found
        assert found & {"warthog.fee.inexact", "warthog.evidence.fee"}

    @settings(max_examples=300)
    @for_all(st.data())
    def test_any_value_in_any_place(self, desk: Desk, device: Device, data: st.DataObject) -> None:
        """Of another type, out of range, missing, or too much: never a crash, never a signature."""
        name = data.draw(st.sampled_from(NAMES))
        tree: Any = cbor.decode(request.encode(desk.host.request(item(desk, name), head=device.head)))
        holder, key = data.draw(st.sampled_from(list(places(tree))))
        holder[key] = data.draw(VALUES)
        with pytest.raises((BadInput, Refused)) as caught:
            give(device, envelope.seal(MessageType.REQUEST, cbor.encode(tree), desk.host.signer), *NO)
        assert caught.value.line().isprintable()

    def test_request_passes_for_nothing_else(self, desk: Desk, device: Device) -> None:
        """The same payload sealed as each other type; and another type's payload sealed as a request."""
        payload = request.encode(desk.host.request(transfer(desk)))
        others = [one for one in MessageType if one is not MessageType.REQUEST]
        assert {"message.wrong-type"} == codes(device, [envelope.seal(t, payload, desk.host.signer) for t in others])
        given, _ = give(device, sealed(desk, transfer(desk, 2, nonce_id=2)))
        answered = envelope.read(given.message).payload
        assert {"field.wrong-type"} == codes(device, [envelope.seal(MessageType.REQUEST, answered, desk.host.signer)])


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of *tree* that holds a value."""
    keys = range(len(tree)) if isinstance(tree, list) else list(tree)
    for key in keys:
        yield tree, key
        if isinstance(tree[key], dict | list):
            yield from places(tree[key])


VALUES: st.SearchStrategy[Any] = (
    st.sampled_from(
        [None, True, False, 0, 1, 2, 31, 33, 2**31, 2**32 - 1, 2**32, 2**53, 2**63 - 1, 2**63, 2**64 - 1, -1, -(2**64)]
        + [b"", bytes(3), bytes(16), bytes(19), bytes(20), bytes(32), b"\xff" * 32, bytes(65), b"\xff" * 65]
        + ["", "0", "0.01", "1e5", "-1", "9" * 41, "main", "defi", "TOK", "warthog/", "warthog/wartTransfer", "a/b"]
        + ["coinrpc/x", "\x00", "\u202e", "x" * 512, "../../etc", "services", "__init__/x", "WART/x"]
        + [[], {}, [1], [1, 2], [3, 0], {1: 1}, {"a": 1}, [[[]]]]
    )
    | st.integers(-(2**64), 2**64 - 1)
    | st.binary(max_size=70)
    | st.text(max_size=40).filter(lambda text: text.isprintable())
)


class TestResponses:
    """Read as the host reads them."""

    def refusals(self, device: Device, messages: Iterable[bytes]) -> set[str]:
        """The codes with which the host refuses."""
        public = device.vault.identity.public_key
        found = set()
        for message in messages:
            with pytest.raises(BadInput) as caught:
                response.parse(envelope.open_sealed(message, MessageType.RESPONSE, {key_id(public): public}).payload)
            found.add(caught.value.code.name)
        return found

    def test_every_flipped_byte(self, desk: Desk) -> None:
        """Signed and refused items, three entry hashes."""
        fresh = make_desk(Path("/x"), CrashFs())
        with fresh.open() as device:
            start = device.head
            for e8, typed in ((1, None), (2, "refuse")):
                given, _ = give(device, sealed(fresh, transfer(fresh, e8, nonce_id=e8), head=start), typed, "no")
                found = self.refusals(device, flips(given.message))
                assert {"message.bad-signature", "message.unknown-signer", "message.wrong-type"} <= found
                cut = self.refusals(device, (given.message[:length] for length in range(len(given.message))))
                assert {"message.empty", "cbor.cut"} == cut

    def test_request_never_passes_as_a_response(self, desk: Desk, device: Device) -> None:
        """Not even sealed by the device's own key."""
        payload = request.encode(desk.host.request(transfer(desk)))
        asked = envelope.seal(MessageType.REQUEST, payload, device.vault.identity)
        assert {"message.wrong-type"} == self.refusals(device, [asked])


class TestMedium:
    """The device's own files, as the commands open them (each byte by itself: test_vault and test_journal)."""

    def opened(self, desk: Desk, fs: CrashFs) -> Device:
        """The device on *fs*."""
        with replace(desk, means=fixed_means(fs)).open() as device:
            return device

    def signed(self) -> tuple[Desk, CrashFs]:
        """A device with an answer in its journal."""
        fs = CrashFs()
        desk = make_desk(Path("/x"), fs)
        with desk.open() as device:
            give(device, sealed(desk, transfer(desk)))
        return desk, fs

    @pytest.mark.parametrize("name", ["vault", "journal"])
    def test_flipped_bytes_open_nothing(self, name: str) -> None:
        """Every eleventh byte; a salt that changed is derived from at the floor cost. The rest stays as it was."""
        desk, fs = self.signed()
        path = desk.home.path / name
        data = fs.tree()[str(path)] or b""
        for place in range(3, len(data), 11):
            broken = fs.copy()
            broken.put(path, data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            before = {other: held for other, held in broken.tree().items() if "attempts" not in other}
            with pytest.raises(ColdtuskError):
                self.opened(desk, broken)
            assert before == {other: held for other, held in broken.tree().items() if "attempts" not in other}

    def test_files_of_another_device_do_not_fit(self) -> None:
        """Made with the same passphrase: the journal of the one beside the vault of the other."""
        desk, fs = self.signed()
        other = CrashFs()
        fixed = fixed_means(other)
        fixed.random(3)  # other random bytes than the first device's
        homes.create(desk.home, PASSPHRASE, "cold-2", "operator", Profile.FLOOR, fixed)
        other.put(desk.home.journal, fs.tree()[str(desk.home.journal)] or b"")
        assert code_of(self.opened, desk, other) == "journal.other-vault"

    def test_journal_that_is_gone_stops_a_used_vault(self) -> None:
        """Nothing is signed without knowing what was signed before."""
        desk, fs = self.signed()
        fs.remove(desk.home.journal)
        assert code_of(self.opened, desk, fs) == "journal.missing"
        fs.put(desk.home.journal, b"")
        assert code_of(self.opened, desk, fs) == "journal.missing"

    def test_vault_that_is_gone_is_said_to_be(self) -> None:
        """With the folder's name; and `init` makes no new one beside an old journal."""
        desk, fs = self.signed()
        fs.remove(desk.home.vault)
        assert code_of(self.opened, desk, fs) == "vault.missing"
        create = (desk.home, PASSPHRASE, "cold-1", "operator", Profile.FLOOR, fixed_means(fs))
        assert code_of(homes.create, *create) == "journal.leftover"
