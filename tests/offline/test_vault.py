"""The vault: made, opened, changed; tampered with, crashed, and tried with wrong passphrases."""

import errno
import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from coldtusk_offline import attempts, contents, kdf, passphrase, vault, vault_format
from coldtusk_offline.contents import Account, Derived, Host, Raw, Seed, SeedId, VaultContents
from coldtusk_offline.kdf import Cost, Profile
from coldtusk_offline.secret import Secret
from coldtusk_offline.vault import Means, OpenVault
from coldtusk_shared import cbor, limits
from coldtusk_shared.errors import BadInput, ColdtuskError, Outside, Refused
from coldtusk_shared.services.warthog.network import Network
from tests.simulators.crash_fs import CrashFs, Fault
from tests.simulators.crash_points import crash_points, fault_points, survivors

PATH = Path("/home/vault")
ATTEMPTS = "/home/vault.attempts"
WORDS = "correct horse battery staple"
RIGHT = passphrase.typed(WORDS)
WRONG = passphrase.typed("correct horse battery stable")
SEED_ID = SeedId(bytes(range(16)))
FIRST = VaultContents(device_seed=Secret(b"\x11" * 32))
ACCOUNT = Account(Network.MAIN, b"\xaa" * 20, "treasury", Secret(b"\x22" * 32), b"\x02" + b"\xbb" * 32, Raw())
FULL = replace(
    FIRST,
    seeds=(Seed(SEED_ID, "paper 1", Secret(b"\x33" * 32)),),
    accounts=(
        ACCOUNT,
        Account(
            Network.DEFI,
            b"\xcc" * 20,
            "trading",
            Secret(b"\x44" * 32),
            b"\x03" + b"\xdd" * 32,
            Derived(SEED_ID, "m/44'/2070'/0'/0/0"),
        ),
    ),
    hosts=(Host(b"\x55" * 32, "office", 1_790_000_000),),
)


def quick_kdf(secret: Secret, salt: bytes, cost: Cost) -> Secret:
    """In place of Argon2id: any change of its inputs gives an unrelated key."""
    return Secret(hashlib.sha256(repr((secret.reveal(), salt, cost)).encode()).digest())


def means(fs: CrashFs, sleep: Callable[[float], None] = lambda _seconds: None, **others: Any) -> Means:
    """A device with quick derivation, no waiting and repeatable randomness."""
    return Means(**{"fs": fs, "kdf": quick_kdf, "random": Random(1).randbytes, "sleep": sleep, **others})


def _empty() -> CrashFs:
    fs = CrashFs()
    fs.put(Path("/home/other"), b"")
    return fs


def _create(fs: CrashFs, held: VaultContents = FULL) -> OpenVault:
    return vault.create(PATH, RIGHT, "alice", Profile.FLOOR, held, means=means(fs))


def _made(held: VaultContents = FULL) -> CrashFs:
    fs = _empty()
    _create(fs, held)
    return fs


def _unlock(fs: CrashFs, secret: Secret = RIGHT) -> OpenVault:
    return vault.unlock(PATH, secret, means=means(fs))


def _code(act: Any, *arguments: object) -> str:
    with pytest.raises(ColdtuskError) as caught:
        act(*arguments)
    return caught.value.code.name


def _with_header(change: Callable[[dict[Any, Any]], None]) -> CrashFs:
    fs = _made()
    top: Any = cbor.decode(fs.tree()[str(PATH)] or b"")
    change(top[1])
    fs.put(PATH, cbor.encode(top))
    return fs


class TestOpening:
    """A vault gives back what was put into it."""

    def test_opens_with_its_real_means(self, tmp_path: Path) -> None:
        """On the operating system's files, with Argon2id and the kernel's randomness."""
        made = vault.create(tmp_path / "vault", RIGHT, "alice", Profile.FLOOR, FULL)
        opened = vault.unlock(tmp_path / "vault", RIGHT)
        assert opened.contents == FULL
        assert (opened.vault_id, opened.generation, opened.operator_label) == (made.vault_id, 1, "alice")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["vault"]

    def test_opens_what_another_process_made(self) -> None:
        """Contents, identity, operator and derived keys are the same each time."""
        fs = _empty()
        made = _create(fs)
        opened = _unlock(fs)
        assert opened.contents == made.contents == FULL
        assert opened.identity.public_key == made.identity.public_key
        assert opened.operator.public_key == made.operator.public_key != made.identity.public_key
        assert opened.operator.sign(b"x") == made.operator.sign(b"x")
        assert opened.derive("journal") == made.derive("journal") != made.derive("other")

    def test_is_never_made_over_a_file(self) -> None:
        """Not even over an empty one."""
        fs = _made()
        assert _code(_create, fs) == "file.exists"

    def test_holds_no_secret_in_the_clear(self) -> None:
        """Neither in the file nor in any repr."""
        fs = _empty()
        made = _create(fs)
        data = fs.tree()[str(PATH)] or b""
        for secret in (b"\x11" * 32, b"\x22" * 32, b"\x33" * 32, b"\x44" * 32, b"treasury", made.derive("x").reveal()):
            assert secret not in data
        shown = repr(made) + repr(made.contents) + repr(made.identity) + repr(made.derive("journal"))
        for secret in (b"\x11" * 32, b"\x22" * 32, b"\x33" * 32, b"\x44" * 32):
            assert secret.hex() not in shown
            assert repr(secret)[2:-1] not in shown

    def test_asks_the_random_source_for_everything(self) -> None:
        """Two vaults share no byte of key, id, salt or nonce; a source that gives too little gives no vault."""
        one, two = _empty(), _empty()
        first = vault.create(PATH, RIGHT, "alice", Profile.FLOOR, FIRST, means=means(one, random=Random(1).randbytes))
        second = vault.create(PATH, RIGHT, "alice", Profile.FLOOR, FIRST, means=means(two, random=Random(2).randbytes))
        assert first.vault_id != second.vault_id
        assert first.operator.public_key != second.operator.public_key
        with pytest.raises(RuntimeError):
            vault.create(PATH, RIGHT, "alice", Profile.FLOOR, FIRST, means=means(_empty(), random=lambda _size: b""))

    def test_closed_it_does_nothing_more(self) -> None:
        """No key, no contents."""
        opened = _create(_empty())
        opened.close()
        with pytest.raises(RuntimeError):
            opened.derive("journal")
        with pytest.raises(AttributeError):
            _ = opened.contents

    def test_refuses_a_bad_operator_label(self) -> None:
        """Labels reach the screen."""
        with pytest.raises(BadInput):
            vault.create(PATH, RIGHT, "al\x1bice", Profile.FLOOR, FIRST, means=means(_empty()))


class TestChanging:
    """Updates."""

    def test_keeps_what_was_changed(self) -> None:
        """And counts the generation."""
        fs = _empty()
        made = _create(fs, FIRST)
        made.update(FULL)
        assert (made.contents, made.generation) == (FULL, 2)
        opened = _unlock(fs)
        assert (opened.contents, opened.generation) == (FULL, 2)

    def test_uses_a_new_nonce_each_time(self) -> None:
        """The same contents give other bytes."""
        fs = _empty()
        made = _create(fs)
        nonces = {vault_format.decode(fs.tree()[str(PATH)] or b"").nonce}
        for _ in range(3):
            made.update(FULL)
            nonces.add(vault_format.decode(fs.tree()[str(PATH)] or b"").nonce)
        assert len(nonces) == 4

    def test_crash_leaves_the_old_or_the_new(self) -> None:
        """At every durable step the vault opens and holds one of the two."""
        start = _made(FIRST)
        found = set()
        for point in crash_points(lambda fs: _unlock(fs).update(FULL), start):
            opened = _unlock(point.fs)
            assert opened.contents in (FIRST, FULL)
            found.add(opened.generation)
        assert found == {1, 2}

    def test_opening_removes_what_a_crash_left_behind(self) -> None:
        """After any crash of an update, only the vault and its neighbour are left once it was opened."""
        for point in crash_points(lambda fs: _unlock(fs).update(FULL), _made(FIRST)):
            _unlock(point.fs)
            assert sorted(point.fs.tree()) == ["/", "/home", "/home/other", "/home/vault"]

    def test_is_durable_when_it_returns(self) -> None:
        """After the last step a crash loses nothing."""
        fs = _made(FIRST)
        _unlock(fs).update(FULL)
        assert [_unlock(state).contents for state in survivors(fs)] == [FULL]

    def test_failing_step_leaves_the_old_or_the_new(self) -> None:
        """On ENOSPC and EIO an error comes out and the vault still opens, also after a crash."""
        for point in fault_points(lambda fs: _unlock(fs).update(FULL), _made(FIRST)):
            assert point.error is None or isinstance(point.error, Outside), point.steps
            for state in survivors(point.fs):
                assert _unlock(state).contents in (FIRST, FULL)

    def test_keeps_the_old_contents_in_memory_when_it_fails(self) -> None:
        """What is not on the medium is not used."""
        fs = _made(FIRST)
        opened = _unlock(fs)
        fs.fault = Fault(len(fs.steps), errno.ENOSPC, lasting=True)
        assert _code(opened.update, FULL) == "file.no-space"
        assert (opened.contents, opened.generation) == (FIRST, 1)

    def test_refuses_to_lose_what_another_process_wrote(self) -> None:
        """The file is not the one that was opened."""
        fs = _made(FIRST)
        one, two = _unlock(fs), _unlock(fs)
        one.update(FULL)
        assert _code(two.update, FIRST) == "vault.changed"

    def test_crash_of_making_leaves_nothing_or_a_vault(self) -> None:
        """At every durable step."""
        for point in crash_points(_create, _empty()):
            if str(PATH) in point.fs.tree():
                assert _unlock(point.fs).contents == FULL

    def test_identity_is_for_life(self) -> None:
        """A change of it is our own mistake."""
        with pytest.raises(RuntimeError):
            _create(_empty()).update(replace(FULL, device_seed=Secret(bytes(32))))

    @pytest.mark.parametrize(
        "held",
        [
            replace(FULL, accounts=(ACCOUNT, ACCOUNT)),
            replace(FULL, accounts=(ACCOUNT, replace(ACCOUNT, network=Network.DEFI, label="other"))),
            replace(FULL, accounts=(ACCOUNT, replace(ACCOUNT, address=b"\xab" * 20))),
            replace(FULL, seeds=(FULL.seeds[0], replace(FULL.seeds[0], label="other"))),
            replace(FULL, seeds=(FULL.seeds[0], replace(FULL.seeds[0], seed_id=SeedId(bytes(16))))),
            replace(FULL, hosts=(FULL.hosts[0], replace(FULL.hosts[0], label="other"))),
            replace(FULL, hosts=(FULL.hosts[0], replace(FULL.hosts[0], public_key=bytes(32)))),
        ],
    )
    def test_refuses_what_stands_twice(self, held: VaultContents) -> None:
        """An address on both networks too: its signatures would be valid on both."""
        assert _code(_create, _empty(), held) == "vault.twice"


class TestTampering:
    """Every change of the file is refused with a code."""

    def test_every_flipped_byte_is_refused(self) -> None:
        """With the derivation of the floor profile for the untouched share."""
        data = _floor_vault()
        for position in range(len(data)):
            for mask in (0x01, 0x80, 0xFF):
                fs = _empty()
                fs.put(PATH, data[:position] + bytes([data[position] ^ mask]) + data[position + 1 :])
                with pytest.raises((BadInput, Refused)) as caught:
                    vault.unlock(PATH, RIGHT, means=means(fs, kdf=_floor_kdf))
                assert caught.value.code.name, position

    def test_every_cut_and_added_byte_is_refused(self) -> None:
        """At each length."""
        data = _floor_vault()
        fs = _empty()
        for length in range(len(data)):
            fs.put(PATH, data[:length])
            with pytest.raises(BadInput):
                _unlock(fs)
        fs.put(PATH, data + b"\0")
        assert _code(_unlock, fs) == "vault.damaged"

    def test_body_of_an_older_generation_does_not_fit(self) -> None:
        """Header and body belong together."""
        fs = _empty()
        made = _create(fs, FIRST)
        old: Any = cbor.decode(fs.tree()[str(PATH)] or b"")
        made.update(FULL)
        new: Any = cbor.decode(fs.tree()[str(PATH)] or b"")
        fs.put(PATH, cbor.encode({1: new[1], 2: old[2], 3: old[3]}))
        assert _code(_unlock, fs) == "vault.damaged"

    def test_names_both_versions(self) -> None:
        """A newer format says so, whatever else is in it."""
        fs = _with_header(lambda header: header.update({2: 2, 99: "new"}))
        with pytest.raises(BadInput, match="format version 2; this Coldtusk knows 1") as caught:
            _unlock(fs)
        assert caught.value.code.name == "vault.version"

    def test_refuses_other_files(self) -> None:
        """Not a vault; a message; text; nothing at all."""
        assert _code(_unlock, _with_header(lambda header: header.update({1: "coldtusk-card"}))) == "vault.not-a-vault"
        fs = _empty()
        assert _code(_unlock, fs) == "file.missing"
        fs.put(PATH, b"hello, this is text\n")
        assert _code(_unlock, fs) == "vault.damaged"
        fs.put(PATH, cbor.encode({1: {1: "coldtusk-vault"}}))
        assert _code(_unlock, fs) == "vault.damaged"
        fs.put(PATH, bytes(limits.VAULT_BYTES + 1))
        assert _code(_unlock, fs) == "file.too-large"

    @pytest.mark.parametrize(("key", "value"), [(4, 2), (5, 2), (4, 0), (5, 0)])
    def test_refuses_other_numbers_of_operators(self, key: int, value: int) -> None:
        """M of n comes later, in the same format."""
        assert _code(_unlock, _with_header(lambda header: header.update({key: value}))) == "vault.not-supported"

    def test_refuses_a_body_that_is_no_byte_string(self) -> None:
        """The wrong type in the right place."""
        fs = _made()
        top: Any = cbor.decode(fs.tree()[str(PATH)] or b"")
        fs.put(PATH, cbor.encode({**top, 3: "text"}))
        assert _code(_unlock, fs) == "vault.damaged"

    @pytest.mark.parametrize(
        ("key", "value"), [(2, 64 * 1024 - 1), (2, 1024 * 1024 + 1), (2, 1 << 40), (3, 2), (3, 11), (4, 0), (4, 9)]
    )
    def test_checks_the_cost_before_deriving(self, key: int, value: int) -> None:
        """Below the floor a thief is helped, above the ceiling the device stops; nothing is derived or counted."""

        def never(_secret: Secret, _salt: bytes, _cost: Cost) -> Secret:
            raise AssertionError

        fs = _with_header(lambda header: header[7][0].update({key: value}))
        with pytest.raises(BadInput) as caught:
            vault.unlock(PATH, RIGHT, means=means(fs, kdf=never))
        assert caught.value.code.name == "kdf.cost"
        assert ATTEMPTS not in fs.tree()


class TestPassphrase:
    """Wrong passphrases, and the wait after them."""

    def test_wrong_one_is_refused_without_showing_it(self) -> None:
        """Nor does the error keep it."""
        with pytest.raises(Refused) as caught:
            _unlock(_made(), WRONG)
        assert caught.value.code.name == "vault.passphrase"
        assert "horse" not in caught.value.line()

    def test_wait_grows_survives_a_restart_and_ends_with_success(self) -> None:
        """0, 1, 2, 4, ... seconds; each process finds the count of the one before."""
        fs = _made()
        waits: list[float] = []
        for secret in (*[WRONG] * 11, RIGHT, WRONG, RIGHT):
            fs = next(iter(survivors(fs)))
            try:
                vault.unlock(PATH, secret, means=means(fs, waits.append))
            except Refused:
                continue
        assert waits == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 0, 1]

    def test_counts_before_it_derives(self) -> None:
        """Whatever a crash leaves at that moment, the try is counted."""
        fs = _made()

        def watch(secret: Secret, salt: bytes, cost: Cost) -> Secret:
            counts = {state.tree()[ATTEMPTS] for state in survivors(fs)}
            assert counts == {b"1\n"}
            return quick_kdf(secret, salt, cost)

        vault.unlock(PATH, RIGHT, means=means(fs, kdf=watch))
        assert ATTEMPTS not in fs.tree()

    @pytest.mark.parametrize("broken", [b"x", b"-1\n", b"1", b"12345\n", b"\0\0\n", b"9999\n", b"", b"123456789"])
    def test_broken_count_counts_as_many(self, broken: bytes) -> None:
        """Breaking the file must not help."""
        fs = _made()
        fs.put(Path(ATTEMPTS), broken)
        waits: list[float] = []
        vault.unlock(PATH, RIGHT, means=means(fs, waits.append))
        assert waits == [limits.UNLOCK_DELAY_SECONDS]

    def test_count_is_capped(self) -> None:
        """It needs no more digits, however often somebody tries."""
        fs = CrashFs()
        fs.put(Path(ATTEMPTS), b"1000\n")
        assert attempts.begin(Path(ATTEMPTS), fs) == limits.UNLOCK_DELAY_SECONDS
        assert fs.tree()[ATTEMPTS] == b"1000\n"

    def test_full_disk_gives_no_free_try(self) -> None:
        """What cannot be counted is not tried."""
        fs = _made()
        fs.fault = Fault(len(fs.steps), errno.ENOSPC, lasting=True)
        assert _code(_unlock, fs, WRONG) == "file.no-space"

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "passphrase.weak"),
            ("a" * 13, "passphrase.weak"),
            ("abcdefghijklm", "passphrase.weak"),
            ("abcde" * 10, "passphrase.weak"),
            ("\u00fc" * 7 + "abcdef", "passphrase.weak"),
            (" correct horse battery", "passphrase.characters"),
            ("correct horse battery\t", "passphrase.characters"),
            ("correct\x1bhorse battery", "passphrase.characters"),
            ("correct\u200bhorse battery", "passphrase.characters"),
            ("correct horse \udc80 battery", "passphrase.characters"),
            ("abcdefghijklmn" * 100, "passphrase.too-long"),
            ("\u00fcbcdefghijklmn" * 72, "passphrase.too-long"),
        ],
    )
    def test_floor_of_a_new_one(self, text: str, code: str) -> None:
        """Length, variety, nothing invisible; the error never shows it."""
        with pytest.raises(ColdtuskError) as caught:
            passphrase.chosen(text, text)
        assert caught.value.code.name == code
        assert not text or text not in caught.value.line()
        assert caught.value.__context__ is None

    def test_two_that_differ_are_refused(self) -> None:
        """It is typed twice."""
        assert _code(passphrase.chosen, WORDS, WORDS + "r") == "passphrase.different"

    def test_every_keyboard_gives_the_same_bytes(self) -> None:
        """Composed or decomposed; letter case and spaces count."""
        composed, decomposed = "pa\u00dfw\u00f6rter m\u00fcssen", "pa\u00dfwo\u0308rter mu\u0308ssen"
        assert passphrase.chosen(composed, decomposed) == passphrase.typed(decomposed)
        assert passphrase.typed("Abc") != passphrase.typed("abc")


class TestDerivationCost:
    """Argon2id."""

    def test_agrees_with_the_reference_implementation(self) -> None:
        """Floor profile, salt of zeros; expected is from argon2-cffi 25.1, which wraps the reference C code."""
        expected = "3b53b998bad398330055ed6c4b4d557948bf66606e9556bd2edcde38b3b5dd11"
        found = kdf.argon2id(RIGHT, bytes(16), Profile.FLOOR.value).reveal().hex()
        assert found == expected

    def test_checks_its_own_cost(self) -> None:
        """Whoever calls it."""
        assert _code(kdf.argon2id, RIGHT, bytes(16), Cost(8, 1, 1)) == "kdf.cost"

    def test_profiles_lie_inside_the_limits(self) -> None:
        """Each of them opens."""
        for profile in Profile:
            kdf.check_cost(profile.value)

    def test_says_when_memory_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A small machine with a strong vault."""

        class NoMemory:
            """Argon2id on a machine that is full."""

            def __init__(self, **_options: object) -> None:
                """Takes anything."""

            def derive(self, _secret: bytes) -> bytes:
                """Finds no memory."""
                raise MemoryError

        monkeypatch.setattr(kdf, "Argon2id", NoMemory)
        assert _code(kdf.argon2id, RIGHT, bytes(16), Profile.STRONG.value) == "kdf.memory"


class TestContents:
    """The plain contents."""

    def test_come_back_as_they_were(self) -> None:
        """Full and empty."""
        assert contents.decode(contents.encode(FULL)) == FULL
        assert contents.decode(contents.encode(FIRST)) == FIRST

    @pytest.mark.parametrize(
        "change",
        [
            {1: bytes(31)},
            {1: "x"},
            {2: [{1: SEED_ID, 2: "a", 3: bytes(15)}]},
            {2: [{1: SEED_ID, 2: "a", 3: "x"}]},
            {2: [{1: SEED_ID, 2: "a", 3: bytes(16), 4: 0}]},
            {3: [1]},
            {3: [{1: "moon", 2: bytes(20), 3: "a", 4: bytes(32), 5: bytes(33)}]},
            {3: [{1: "main", 2: bytes(24), 3: "a", 4: bytes(32), 5: bytes(33)}]},
            {3: [{1: "main", 2: bytes(20), 3: "a\n", 4: bytes(32), 5: bytes(33)}]},
            {3: [{1: "main", 2: bytes(20), 3: "a", 4: bytes(32), 5: bytes(33), 6: {1: bytes(16), 2: "m/0"}}]},
            {3: [{1: "main", 2: bytes(20), 3: "a", 4: bytes(32), 5: bytes(33), 6: {1: bytes(16)}}]},
            {4: [{1: bytes(32), 2: "a", 3: -1}]},
            {4: [{1: bytes(32), 2: "", 3: 0}]},
            {5: 0},
            {7: []},
            {99: 0},
        ],
    )
    def test_of_any_other_form_are_refused(self, change: dict[int, Any]) -> None:
        """They are authentic, so another version or a fault wrote them."""
        held: Any = cbor.decode(contents.encode(FIRST))
        assert _code(contents.decode, cbor.encode(dict(sorted({**held, **change}.items())))) == "vault.contents"

    @pytest.mark.parametrize("change", [{5: True}, {6: {}}])
    def test_of_later_features_are_refused_as_such(self, change: dict[int, Any]) -> None:
        """Training, a policy, service secrets."""
        held: Any = cbor.decode(contents.encode(FIRST))
        assert _code(contents.decode, cbor.encode(dict(sorted({**held, **change}.items())))) == "field.not-supported"

    @pytest.mark.parametrize(
        ("key", "most", "one"),
        [
            (2, limits.VAULT_SEEDS, {1: SEED_ID, 2: "a", 3: bytes(16)}),
            (3, limits.ACCOUNTS, {1: "main", 2: bytes(20), 3: "a", 4: bytes(32), 5: bytes(33)}),
            (4, limits.VAULT_HOSTS, {1: bytes(32), 2: "a", 3: 0}),
        ],
    )
    def test_caps_each_list(self, key: int, most: int, one: dict[int, Any]) -> None:
        """The cap is taken, one more is not."""
        held: Any = cbor.decode(contents.encode(FIRST))
        contents.decode(cbor.encode({**held, key: [one] * most}))
        assert _code(contents.decode, cbor.encode({**held, key: [one] * (most + 1)})) == "vault.contents"

    def test_secrets_are_neither_hashed_nor_copied_nor_shown(self) -> None:
        """And compare by value."""
        assert Secret(b"a") == Secret(b"a") != Secret(b"b")
        assert Secret(b"a") != b"a"
        assert (repr(Secret(b"abc")), len(Secret(b"abc"))) == ("<secret of 3 bytes>", 3)
        with pytest.raises(TypeError):
            hash(Secret(b"a"))
        with pytest.raises(RuntimeError):
            Secret(b"a").__reduce__()


@cache
def _floor_vault() -> bytes:
    fs = _empty()
    vault.create(PATH, RIGHT, "alice", Profile.FLOOR, FULL, means=means(fs, kdf=_floor_kdf))
    return fs.tree()[str(PATH)] or b""


def _floor_kdf(secret: Secret, salt: bytes, cost: Cost) -> Secret:
    """Argon2id for the salt and cost of :func:`_floor_vault`, remembered; the quick one for any other."""
    if (salt, cost) == (_floor_salt(), Profile.FLOOR.value):
        return Secret(_floor_key())
    return quick_kdf(secret, salt, cost)


@cache
def _floor_salt() -> bytes:
    random = Random(1)
    random.randbytes(64)
    return random.randbytes(16)


@cache
def _floor_key() -> bytes:
    return kdf.argon2id(RIGHT, _floor_salt(), Profile.FLOOR.value).reveal()
