"""Bad input of every kind that reaches the device: each with its own code, its own line, and nothing signed.

A full and a read-only medium are real ones: a tmpfs in a mount namespace of the command's own, which needs no root.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from coldtusk_offline.device import Device
from coldtusk_shared import card, cbor, envelope, limits, request
from coldtusk_shared.card import HostCard
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.amount import WartE8
from coldtusk_shared.services.warthog.network import Network
from tests.offline.commands import COMMAND, AtTerminal, Place, error_of, make_place
from tests.offline.payments import give, item, sealed, transfer
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import PAYEE, Desk, make_desk
from tests.simulators.host import HostSigner, TestHost
from tests.simulators.programs import program

PHRASE = "send 1.5 WART to 6f93"
PROMPT = "refuse\r\n> "


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A device, a request for it."""
    made = make_place(tmp_path)
    made.put("a.request", sealed(made.desk, transfer(made.desk)))
    return made


class TestFiles:
    """What somebody may give instead of a request: refused before the passphrase, by every command that reads one."""

    def cut(self, path: Path, whole: bytes) -> None:
        """The stick was pulled out too early."""
        path.write_bytes(whole[: len(whole) // 2])

    def too_large(self, path: Path, whole: bytes) -> None:
        """2 MiB that begin like a request."""
        path.write_bytes(whole.ljust(2 << 20, b"\0"))

    def folder(self, path: Path, _whole: bytes) -> None:
        """A folder."""
        path.mkdir()

    def pipe(self, path: Path, _whole: bytes) -> None:
        """A FIFO that nobody writes to: opening it must not hang."""
        os.mkfifo(path)

    def link(self, path: Path, whole: bytes) -> None:
        """A symbolic link to a good request."""
        path.with_name("real").write_bytes(whole)
        path.symlink_to(path.with_name("real"))

    def empty(self, path: Path, _whole: bytes) -> None:
        """A file of no bytes."""
        path.touch()

    def text(self, path: Path, _whole: bytes) -> None:
        """Somebody's notes."""
        path.write_text("Dear operator,\nplease sign this.\n")

    def missing(self, path: Path, _whole: bytes) -> None:
        """Nothing."""

    @pytest.mark.parametrize("command", ["sign", "inspect", "pair"])
    @pytest.mark.parametrize(
        ("make", "code", "line"),
        [
            (cut, "cbor.cut", "copy or scan it again"),
            (too_large, "file.too-large", "2097152 bytes, the most is 1048576"),
            (folder, "file.is-folder", "it is a folder"),
            (pipe, "file.not-regular", "it is a pipe, a socket or a device"),
            (link, "file.is-link", "it is a symbolic link"),
            (empty, "file.empty", "the file is empty"),
            (text, "message.is-text", "this is a text file"),
            (missing, "file.missing", "there is no such file"),
        ],
    )
    def test_is_refused(
        self, place: Place, command: str, make: Callable[[object, Path, bytes], None], code: str, line: str
    ) -> None:
        """Status 3; the line names what is wrong."""
        make(self, place.folder / "in", (place.folder / "a.request").read_bytes())
        more = () if command == "inspect" else ("--out", "out")
        ended = place.piped(command, "in", *more)
        assert (3, code) == error_of(ended)
        assert line in ended.shown
        assert 1 == ended.shown.count("\n")

    def test_another_kind_of_message(self, place: Place) -> None:
        """A card given to `sign`, a request given to `pair`."""
        signer = HostSigner(b"c" * 32)
        name = place.put("host.card", card.seal_host(HostCard(signer.public_key, "office"), signer))
        ended = place.piped("sign", name, "--out", "out")
        assert (3, "message.wrong-type") == error_of(ended)
        assert "host.card: this is a host card, not a request" in ended.shown
        assert (3, "message.wrong-type") == error_of(place.piped("pair", "a.request", "--out", "out"))

    def test_name_that_cannot_be_printed(self, place: Place) -> None:
        """It is escaped in the error: a stick's file names steer no terminal."""
        ended = place.piped("sign", "\x1b[2Jx", "--out", "out")
        assert (3, "file.missing") == error_of(ended)
        assert "'\\x1b[2Jx'" in ended.shown


class TestOutput:
    """Where the response goes."""

    def test_exists(self, place: Place) -> None:
        """Whatever stands there; before the passphrase."""
        (place.folder / "folder").mkdir()
        (place.folder / "dangling").symlink_to("nowhere")
        for name in (place.put("file", b""), "folder", "dangling", "a.request"):
            ended = place.piped("sign", "a.request", "--out", name)
            assert (4, "file.exists") == error_of(ended)
            assert f"{name}: something stands there already" in ended.shown

    def test_folder_that_is_missing(self, place: Place) -> None:
        """It is signed and recorded: the same request is answered again."""
        ended = place.opened("sign", "a.request", "--out", "no/out").answers(PROMPT, PHRASE).ends()
        assert (3, "file.no-folder") == error_of(ended)
        ended = place.opened("sign", "a.request", "--out", "out").ends()
        assert (0, True) == (ended.status, "answered before" in ended.shown)


def in_namespace(place: Place, script: str) -> AtTerminal:
    """Run *script* in a mount namespace of its own; $C is the command, $D the device's folder."""
    shell = (program("unshare"), "--user", "--map-root-user", "--mount", "sh", "-c", f"set -e; {script}")
    return AtTerminal(shell, place.folder, 60, COLDTUSK_OFFLINE_HOME=str(place.home), C=str(COMMAND), D=str(place.home))


class TestMedia:
    """Real file systems that are full or read-only. It fails where the kernel permits no such namespace."""

    FULL = "mkdir m; mount -t tmpfs -o size=16k none m; "
    READ_ONLY = "mkdir m; mount -t tmpfs -o ro none m; "

    def test_full_stick(self, place: Place) -> None:
        """No half response stays; with room the same command gives it, and nobody is asked."""
        sign = '"$C" sign a.request --out m/out'
        script = f"{self.FULL} head -c 16384 /dev/zero > m/big || true; {sign} || echo ended $?; ls m; rm m/big; {sign}"
        session = in_namespace(place, script).unlocks().answers(PROMPT, PHRASE).sees("ended 5")
        assert "error [file.no-space] m/out: no space is left -- make room on the medium" in session.shown
        ended = session.unlocks().ends()
        assert ended.status == 0
        assert "answered before: the same response is given again (m/out)" in ended.shown.replace("\n", " ")
        assert re.search(r"ended 5\nbig\n", session.shown)

    def test_read_only_folder(self, place: Place) -> None:
        """As a stick with its write protection on."""
        script = f'{self.READ_ONLY} "$C" sign a.request --out m/out || echo ended $?; "$C" sign a.request --out out'
        session = in_namespace(place, script).unlocks().answers(PROMPT, PHRASE).sees("ended 5")
        assert "error [file.read-only] m/out: the file system is read-only -- choose a folder" in session.shown
        assert session.unlocks().ends().status == 0

    def test_full_device(self, place: Place) -> None:
        """The journal's entry finds no room: nothing is released; with room the same command signs."""
        desk = place.desk
        batch = sealed(desk, *(transfer(desk, e8, nonce_id=e8) for e8 in range(1, 200)))
        place.put("b.request", batch)
        copy = 'mkdir m; mount -t tmpfs -o size=64k none m; cp -r "$D" m/d; chmod 700 m/d; '
        fill = "head -c 65536 /dev/zero > m/big || true; truncate -s -12288 m/big; "
        sign = '"$C" --home m/d sign b.request --out out'
        script = f"{copy}{fill}{sign} || echo ended $?; test ! -e out; rm m/big; {sign}"
        session = in_namespace(place, script).unlocks().sees("type  sign 199 payments ")
        word = session.sees("\r\n").shown.rpartition("payments ")[2].strip()
        session.answers(PROMPT, f"sign 199 payments {word}").sees("ended 5")
        assert "error [file.no-space] m/d/journal: no space is left" in session.shown
        ended = session.unlocks().answers(PROMPT, f"sign 199 payments {word}").ends()
        assert (0, True) == (ended.status, "Signed 199 of 199." in ended.shown)

    def test_full_device_gives_no_free_try(self, place: Place) -> None:
        """What cannot be counted is not tried: before a passphrase is derived from."""
        copy = 'mkdir m; mount -t tmpfs -o size=64k none m; cp -r "$D" m/d; chmod 700 m/d; '
        script = f'{copy} head -c 65536 /dev/zero > m/big || true; "$C" --home m/d account list'
        assert (5, "file.no-space") == error_of(in_namespace(place, script).unlocks("wrong").ends())

    def test_read_only_device(self, place: Place) -> None:
        """The card's write protection is on: nothing can be recorded, so nothing is signed."""
        script = 'mount --bind "$D" "$D"; mount -o remount,ro,bind "$D"; "$C" sign a.request --out out'
        ended = in_namespace(place, script).unlocks().ends()
        assert (5, "file.read-only") == error_of(ended)
        assert not (place.folder / "out").exists()


@pytest.fixture(scope="module")
def desk() -> Desk:
    """A device and its host."""
    return make_desk(Path("/x"), CrashFs())


@pytest.fixture(scope="module")
def device(desk: Desk) -> Iterator[Device]:
    """The device, opened."""
    with desk.open() as opened:
        yield opened


def field(*path: int, to: Any) -> Callable[[Any], None]:
    """A change of one place of a request's tree: keys and indexes, then the value."""

    def change(tree: Any) -> None:
        *holders, key = path
        for one in holders:
            tree = tree[one]
        tree[key] = to

    return change


FEE, AMOUNT, ASKED, LENGTH, LIMIT, PRICE = (
    (7, 0, 4, 5),
    (7, 0, 4, 7),
    (7, 0, 5, 2),
    (7, 0, 5, 4),
    (7, 0, 4, 9),
    (7, 0, 5, 3),
)
"""Where a request holds these, by the keys of ``messages.cddl``."""
CONTENTS = [
    ("expired pin", "wartTransfer", field(*LENGTH, to=1_207_103), "warthog.pin-expired", "last possible block 1207103"),
    ("pin above the chain", "wartTransfer", field(*LENGTH, to=1_198_911), "warthog.evidence.pin-above-chain", "pin "),
    ("fee above the supply", "wartTransfer", field(*FEE, to=1 << 52), "warthog.fee.range", "4503599627370496 is not"),
    ("fee of zero", "wartTransfer", field(*FEE, to=0), "warthog.fee.range", "0 is not a fee"),
    ("fee that 16 bits do not hold", "wartTransfer", field(*FEE, to=1_000_449), "warthog.fee.inexact", "1000449"),
    ("fee of nine decimals", "wartTransfer", field(*ASKED, to="0.010004480"), "warthog.amount.too-precise", "9 dec"),
    ("fee as a float", "wartTransfer", field(*ASKED, to="1e-2"), "decimal.form", '"1e-2" is not a plain decimal'),
    ("fee that is negative", "wartTransfer", field(*ASKED, to="-0.01"), "decimal.form", '"-0.01" is not a plain'),
    ("fee above what there is", "wartTransfer", field(*ASKED, to="18921601"), "warthog.amount.above-supply", "more"),
    ("other fee than was asked", "wartTransfer", field(*ASKED, to="0.02"), "warthog.evidence.fee", "does not round"),
    ("amount of zero", "wartTransfer", field(*AMOUNT, to=0), "warthog.amount-range", "0 is not from 1 to"),
    ("negative amount", "wartTransfer", field(*AMOUNT, to=-5), "field.out-of-range", "-5 is not from 0 to"),
    ("amount as text", "wartTransfer", field(*AMOUNT, to="1.5"), "field.wrong-type", "not an integer"),
    ("more than the supply", "wartTransfer", field(*AMOUNT, to=limits.WART_SUPPLY_E8 + 1), "warthog.amount-range", ""),
    ("supply of zero", "assetCreation", field(7, 0, 4, 6, to=0), "warthog.asset.supply", "not a supply from 1 to"),
    ("supply over 2^63-1", "assetCreation", field(7, 0, 4, 6, to=1 << 63), "warthog.asset.supply", "from 1 to 2^63-1"),
    ("19 decimals", "assetCreation", field(7, 0, 4, 7, to=19), "warthog.decimals", "not a number of decimals"),
    ("name of six letters", "assetCreation", field(7, 0, 4, 8, to="TOKENS"), "text.too-long", "more than 5 bytes"),
    ("name of signs", "assetCreation", field(7, 0, 4, 8, to="T-K"), "warthog.asset.name", '"T-K" is not an asset'),
    ("bad mantissa", "limitSwap-buy", field(*LIMIT, to=b"\x7f\xff\x40"), "warthog.price.form", "mantissa"),
    ("bad exponent", "limitSwap-sell", field(*LIMIT, to=b"\x80\x00\x80"), "warthog.price.form", "exponent"),
    ("price that is no number", "limitSwap-buy", field(*PRICE, to="cheap"), "decimal.form", '"cheap" is not a plain'),
    ("price out of reach", "limitSwap-buy", field(*PRICE, to="9" * 40), "warthog.price.range", "outside the limits"),
    (
        "other price than was asked",
        "limitSwap-buy",
        field(*PRICE, to="0.08"),
        "warthog.evidence.price",
        "does not give",
    ),
    (
        "proof of another asset",
        "tokenTransfer",
        field(7, 0, 4, 6, to=b"\1" * 32),
        "warthog.asset.other-hash",
        "created",
    ),
    ("unknown network", "wartTransfer", field(7, 0, 4, 1, to="test"), "field.out-of-range", "not main or defi"),
    ("address of 19 bytes", "wartTransfer", field(7, 0, 4, 6, to=bytes(19)), "field.wrong-length", "19 bytes, not 20"),
    ("address of 24 bytes", "wartTransfer", field(7, 0, 4, 6, to=bytes(24)), "field.wrong-length", "24 bytes, not 20"),
    ("odd pin height", "wartTransfer", field(7, 0, 4, 3, to=1_198_913), "warthog.pin-height", "1198913 is not a pin"),
    ("other deadline", "wartTransfer", field(4, to=[1, 1_207_104]), "request.not-after", "earliest deadline"),
    ("no items", "wartTransfer", field(7, to=[]), "field.out-of-range", "0 entries, not 1 to 1000"),
    ("another version", "wartTransfer", field(1, to=2), "message.version", "format version 2, this Coldtusk reads 1"),
]


class TestContent:
    """What a host may put into a request, sealed as it must be."""

    def line(self, device: Device, message: bytes) -> tuple[str, str]:
        """The code and the line of the refusal; nobody was asked and nothing recorded."""
        before = device.head
        with pytest.raises(ColdtuskError) as caught:
            give(device, message, "never asked")
        assert before == device.head
        return caught.value.code.name, caught.value.line()

    @pytest.mark.parametrize(
        ("name", "change", "code", "said"), [one[1:] for one in CONTENTS], ids=[one[0] for one in CONTENTS]
    )
    def test_is_refused(
        self, desk: Desk, device: Device, name: str, change: Callable[[Any], None], code: str, said: str
    ) -> None:
        """With its own code, the place, and a line that a person can act on."""
        tree: Any = cbor.decode(request.encode(desk.host.request(item(desk, name))))
        change(tree)
        found, line = self.line(device, envelope.seal(MessageType.REQUEST, cbor.encode(tree), desk.host.signer))
        assert code == found
        assert said in line
        assert re.fullmatch(r"error \[[a-z0-9.-]+\] request[^ ]*: .+ -- .+", line)

    def test_float_in_the_message(self, desk: Desk, device: Device) -> None:
        """CBOR's own floats never get past the first pass."""
        payload = request.encode(desk.host.request(transfer(desk, 150_000_000)))
        amount = b"\x1a" + (150_000_000).to_bytes(4)
        message = envelope.seal(MessageType.REQUEST, payload.replace(amount, b"\xfa\x4d\x0f\x0d\x18"), desk.host.signer)
        code, line = self.line(device, message)
        assert ("cbor.float", True) == (code, "a float -- floats are never used" in line)

    def test_wrong_device(self, desk: Desk, device: Device) -> None:
        """Asked by a host that this device does not know."""
        stranger = TestHost(HostSigner(b"s" * 32))
        code, line = self.line(device, stranger.seal(desk.host.request(transfer(desk))))
        assert ("message.unknown-signer", True) == (code, "pair with the machine that made it" in line)

    def test_wrong_network(self, desk: Desk, device: Device) -> None:
        """Both networks are named."""
        body = tx.WartTransfer(PAYEE, WartE8(5))
        payment = desk.host.item(desk.treasury, desk.host.transaction(body, network=Network.MAIN))
        code, line = self.line(device, sealed(desk, payment))
        assert code == "account.wrong-network"
        assert 'account "treasury" is of the defi network, the request of main' in line

    def test_type_that_the_network_does_not_have(self, desk: Desk, device: Device) -> None:
        """The main network knows transfers of WART only."""
        tree: Any = cbor.decode(request.encode(desk.host.request(item(desk, "tokenTransfer"))))
        tree[7][0][4][1] = "main"
        message = envelope.seal(MessageType.REQUEST, cbor.encode(tree), desk.host.signer)
        assert "warthog.type-not-on-network" == self.line(device, message)[0]

    def test_more_items_than_a_request_has(self, desk: Desk, device: Device) -> None:
        """1,001."""
        items = [transfer(desk, e8, nonce_id=e8) for e8 in range(1, limits.ITEMS + 2)]
        code, line = self.line(device, sealed(desk, *items))
        assert ("field.out-of-range", True) == (code, "1001 entries, not 1 to 1000" in line)


def test_wrong_passphrase(place: Place) -> None:
    """Status 4; it stands in no line, and nothing else happened."""
    before = (place.home / "journal").read_bytes()
    ended = place.at_terminal("sign", "a.request", "--out", "out").unlocks("correct horse battery stable").ends()
    assert (4, "vault.passphrase") == error_of(ended)
    assert "horse" not in ended.shown
    assert before == (place.home / "journal").read_bytes()
