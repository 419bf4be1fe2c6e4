"""Accounts at payment services in the vault: secrets are checked, shown as fingerprints, and come back as they were."""

import pytest

from coldtusk_offline import contents as vault_contents
from coldtusk_offline import service_accounts, session
from coldtusk_offline.contents import VaultContents
from coldtusk_offline.keyring import Keyring
from coldtusk_offline.secret import Secret
from coldtusk_offline.service_accounts import ServiceAccount, check_secret, fingerprint
from coldtusk_shared import cbor, limits
from coldtusk_shared.errors import BadInput, Refused
from tests.offline.payments import code_of

ACCOUNT = ServiceAccount("warthog", b"key-1", "shop", (Secret(b"s3cret-of-the-shop"),), cbor.encode({1: 5}))
"""Of a system that every version knows."""


def holding(*accounts: ServiceAccount) -> VaultContents:
    """A vault with *accounts*."""
    return VaultContents(device_seed=Secret(bytes(32)), services=accounts)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "secret.length"),
        ("seven77", "secret.length"),
        ("x" * (limits.SERVICE_SECRET_BYTES[1] + 1), "secret.length"),
        ("secret-1\n", "secret.stray"),
        (" secret-1", "secret.stray"),
        ("secret 1", "secret.stray"),
        ("secret-1\u00a0", "secret.stray"),
        ("secret-1\u200b", "secret.stray"),
        ("\ufeffsecret-1", "secret.stray"),
    ],
)
def test_secret_refused(text: str, code: str) -> None:
    """Empty, cut, or with something that came along; the error says nothing of it."""
    with pytest.raises(BadInput) as refused:
        check_secret(text, "private key")
    assert (code, "private key") == (refused.value.code.name, refused.value.where)
    assert "ecret-1" not in refused.value.line().replace("[secret.", "")


def test_secret_taken() -> None:
    """Any other text, as its UTF-8."""
    assert "s\u00e9cret/+=1".encode() == check_secret("s\u00e9cret/+=1", "").reveal()
    assert "\u00e9" * 256 == check_secret("\u00e9" * 256, "").reveal().decode()


def test_fingerprint() -> None:
    r"""``printf 'coldtusk/v1/secret-fingerprint\\0coinrpc\\0abc' | openssl dgst -sha256``, eight bytes of it."""
    assert "708f a32e 1e54 2120" == fingerprint("coinrpc", Secret(b"abc"))


def test_nothing_shows_a_secret() -> None:
    """Neither the account nor the vault's contents."""
    assert "s3cret" not in repr(ACCOUNT) + repr(holding(ACCOUNT))


def test_comes_back_as_it_was() -> None:
    """Through the vault's bytes."""
    assert holding(ACCOUNT) == vault_contents.decode(vault_contents.encode(holding(ACCOUNT)))


@pytest.mark.parametrize(
    "bad",
    [
        ServiceAccount("unheard", b"key-1", "shop", ACCOUNT.secrets, ACCOUNT.settings),
        ServiceAccount("warthog", b"", "shop", ACCOUNT.secrets, ACCOUNT.settings),
        ServiceAccount("warthog", b"k" * 65, "shop", ACCOUNT.secrets, ACCOUNT.settings),
        ServiceAccount("warthog", b"k", "shop", (), ACCOUNT.settings),
        ServiceAccount("warthog", b"k", "shop", ACCOUNT.secrets * 3, ACCOUNT.settings),
        ServiceAccount("warthog", b"k", "shop", ACCOUNT.secrets, b"\xff"),
        ServiceAccount("warthog", b"k", " shop", ACCOUNT.secrets, ACCOUNT.settings),
    ],
)
def test_what_a_vault_does_not_keep(bad: ServiceAccount) -> None:
    """It would not be read again."""
    assert "vault.contents" == code_of(vault_contents.decode, vault_contents.encode(holding(bad)))


def test_too_many() -> None:
    """A vault has a cap."""
    many = tuple(
        ServiceAccount("warthog", b"k%d" % number, f"shop {number}", ACCOUNT.secrets, ACCOUNT.settings)
        for number in range(limits.SERVICE_ACCOUNTS + 1)
    )
    assert "vault.full" == code_of(vault_contents.check, holding(*many))
    vault_contents.check(holding(*many[:-1]))


def test_twice() -> None:
    """Neither the account nor its label stands twice."""
    other = ServiceAccount("warthog", b"key-2", "shop", ACCOUNT.secrets, ACCOUNT.settings)
    again = ServiceAccount("warthog", b"key-1", "shop 2", ACCOUNT.secrets, ACCOUNT.settings)
    for twin in (other, again):
        assert "secret.known" == code_of(vault_contents.check, holding(ACCOUNT, twin))


def test_found() -> None:
    """By what an item names, and by label."""
    assert ACCOUNT is service_accounts.find([ACCOUNT], "warthog", b"key-1")
    assert ACCOUNT is service_accounts.labelled([ACCOUNT], "shop")
    assert "secret.unknown" == code_of(service_accounts.find, [ACCOUNT], "coinrpc", b"key-1")
    assert "secret.unknown" == code_of(service_accounts.labelled, [ACCOUNT], "SHOP")


class TestNumbers:
    """Numbers that are given once only."""

    def test_rise(self) -> None:
        """From the first of the account, or above the journal's highest."""
        held = session.Session(Keyring(), {("coinpayments", b"a"): 10})
        assert [11, 12] == [held.next_number(("coinpayments", b"a"), 5) for _ in range(2)]
        assert [5, 6] == [held.next_number(("coinpayments", b"b"), 5) for _ in range(2)]
        assert 100 == held.next_number(("coinpayments", b"a"), 100)

    def test_end(self) -> None:
        """Above 64 bits there is none."""
        held = session.Session(Keyring(), {("coinpayments", b"a"): limits.U64})
        with pytest.raises(Refused) as refused:
            held.next_number(("coinpayments", b"a"), 0)
        assert "nonce.spent" == refused.value.code.name
