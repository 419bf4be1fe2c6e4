"""The rows of a mass withdrawal from files and options: texts only, nothing guessed."""

from pathlib import Path

import pytest

from coldtusk_online.services.coinpayments import rows_file
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput

CSV = "amount,currency,address,pbntag,note\n0.10,LTC,Laddr,,\n1,BTC,,$tag,Rent \u2116 1\n"
TOML = (
    '[[row]]\namount = "0.10"\ncurrency = "LTC"\naddress = "Laddr"\n\n'
    '[[row]]\namount = "1"\ncurrency = "BTC"\npbntag = "$tag"\nnote = "Rent \u2116 1"\n'
)
ROWS = [
    [("amount", "0.10"), ("currency", "LTC"), ("address", "Laddr")],
    [("amount", "1"), ("currency", "BTC"), ("pbntag", "$tag"), ("note", "Rent \u2116 1")],
]


def code_of(path: Path, data: bytes) -> str:
    """The code with which a file of *data* is refused; the error names the file."""
    path.write_bytes(data)
    with pytest.raises(BadInput) as caught:
        rows_file.read(path)
    assert path.name in caught.value.where
    return caught.value.code.name


@pytest.mark.parametrize(("name", "text"), [("rows.csv", CSV), ("rows.toml", TOML), ("ROWS.TOML", TOML), ("rows", CSV)])
def test_a_file(name: str, text: str, tmp_path: Path) -> None:
    """TOML if its name says so, else CSV."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert ROWS == rows_file.read(tmp_path / name)


@pytest.mark.parametrize(
    "text",
    ["amount,currency\n1\n", "amount\n1,2\n", 'amount\n"1', "\n1\n", 'amount\n"1"2\n'],
)
def test_bad_csv(text: str, tmp_path: Path) -> None:
    """Cells missing or too many, quotations that do not end."""
    assert "coinpayments.rows-file" == code_of(tmp_path / "rows.csv", text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "[[row]]\namount = 0.1\n",
        "[[row]]\nauto_confirm = true\n",
        "[row]\namount = '1'\n",
        "row = [1]\n",
        "row = '1'\n",
        "[[row]]\namount = '1'\n[other]\nx = '1'\n",
        "[[rows]]\namount = '1'\n",
        "[[row]\n",
        "",
        "#\n",
    ],
)
def test_bad_toml(text: str, tmp_path: Path) -> None:
    """A number would be a float; whatever else is in it would be ignored."""
    assert code_of(tmp_path / "rows.toml", text.encode()) in ("coinpayments.rows-file", "file.empty")


def test_not_text_and_too_long(tmp_path: Path) -> None:
    """COINPAYMENTS_ROWS_BYTES is the most."""
    assert "coinpayments.rows-file" == code_of(tmp_path / "rows.csv", b"amount\n\xff\n")
    assert "file.too-large" == code_of(tmp_path / "rows.csv", bytes(limits.COINPAYMENTS_ROWS_BYTES + 1))


def test_a_row_as_an_option() -> None:
    """Quotation marks around what has blanks."""
    typed = rows_file.typed("amount=1 currency=BTC pbntag=$tag note='Rent \u2116 1'")
    assert ROWS[1] == typed


@pytest.mark.parametrize("text", ["", "amount", "=1", "amount=1 'x", "amount=1 rest"])
def test_a_bad_row(text: str) -> None:
    """Not NAME=TEXT."""
    with pytest.raises(BadInput) as caught:
        rows_file.typed(text)
    assert "coinpayments.row" == caught.value.code.name
