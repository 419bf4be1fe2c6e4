"""Enrolling a key of CoinPayments: what is asked, and with which nonce the device begins."""

from dataclasses import dataclass, field

import pytest

from coldtusk_offline.secret import Secret
from coldtusk_offline.service_accounts import ServiceAccount, check_secret
from coldtusk_offline.services.coinpayments import enrol, settings
from coldtusk_shared import limits
from tests.offline.payments import code_of
from tests.offline.services.coinpayments.payments_desk import FIRST, HELD, NOW, PRIVATE
from tests.shared.services.coinpayments.call_samples import KEY


@dataclass
class Typed:
    """An operator who types a public key, a private key, and the last nonce."""

    public: str = KEY
    private: str | None = PRIVATE
    last: str = ""
    shown: list[str] = field(default_factory=list)

    def secret(self, name: str, *, optional: bool = False) -> Secret | None:
        """Checked, as the device's own prompt does."""
        assert not optional
        return None if self.private is None else check_secret(self.private, name)

    def line(self, prompt: str, default: str = "") -> str:
        """Two prompts are known."""
        return {"Public key": self.public, "Last nonce, or nothing": self.last}[prompt] or default

    def show(self, text: str) -> None:
        """Kept."""
        self.shown.append(text)

    def utc(self) -> int:
        """Confirmed."""
        return NOW

    def random(self, size: int) -> bytes:
        """Nothing random is needed."""
        raise AssertionError(size)

    def table(self) -> bytes | None:
        """There is none."""
        return None


def first(typed: Typed) -> int:
    """The first nonce of what *typed* enrols."""
    return settings.first_nonce(enrol.enrol("shop", typed))


def test_a_new_key() -> None:
    """The account is the public key; nonces begin with the confirmed time in milliseconds."""
    made = enrol.enrol("shop", Typed())
    assert HELD == made
    assert 1000 * NOW == FIRST == settings.first_nonce(made)


@pytest.mark.parametrize(("last", "begins"), [("0", 1), ("7", 8), ("1795174500999", 1_795_174_501_000)])
def test_a_key_with_a_past(last: str, begins: int) -> None:
    """One above the last, be it above or below the time."""
    assert begins == first(Typed(last=last))


def test_the_highest_past() -> None:
    """COINPAYMENTS_FIRST_NONCE, so that counting on never ends."""
    assert limits.COINPAYMENTS_FIRST_NONCE == first(Typed(last=str(limits.COINPAYMENTS_FIRST_NONCE - 1)))
    assert code_of(first, Typed(last=str(limits.COINPAYMENTS_FIRST_NONCE))) == "field.out-of-range"


@pytest.mark.parametrize("last", ["none", "-1", "1e9", "0x10", "1.5", "07", "1 000"])
def test_a_past_that_is_no_number(last: str) -> None:
    """Asked again, not guessed."""
    assert code_of(first, Typed(last=last)) == "field.number"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (Typed(public=""), "coinpayments.key"),
        (Typed(public="key with blanks"), "coinpayments.key"),
        (Typed(public="k" * (limits.ACCOUNT_BYTES + 1)), "coinpayments.key"),
        (Typed(private=""), "secret.length"),
        (Typed(private=f"{PRIVATE}\n"), "secret.stray"),
        (Typed(private=f" {PRIVATE}"), "secret.stray"),
    ],
)
def test_bad_keys(typed: Typed, code: str) -> None:
    """Empty, or with what came along; the error shows nothing of the secret."""
    assert code == code_of(enrol.enrol, "shop", typed)


def test_the_operator_is_told_what_depends_on_it() -> None:
    """One key, one device."""
    typed = Typed()
    enrol.enrol("shop", typed)
    assert any("One API key belongs to one device" in text for text in typed.shown)


def test_there_is_no_table() -> None:
    """And a missing secret is our own mistake."""
    account: ServiceAccount = HELD
    assert code_of(enrol.change, account, Typed()) == "secret.no-table"
    with pytest.raises(RuntimeError, match="not optional"):
        enrol.enrol("shop", Typed(private=None))
