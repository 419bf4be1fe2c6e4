"""Strict forms: what two readers could understand differently is refused."""

from urllib.parse import parse_qsl, quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_online.webhooks import form
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput

_NAMES = st.from_regex(r"\A[A-Za-z0-9_.\[\]-]{1,64}\Z")
_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


def _refused(body: bytes) -> str:
    with pytest.raises(BadInput) as caught:
        form.parse(body)
    return caught.value.code.name


@pytest.mark.parametrize("encoder", [lambda text: quote(text, safe=""), quote_plus, lambda text: quote(text, "!'()*~")])
@given(fields=st.dictionaries(_NAMES, _TEXTS, min_size=1, max_size=8))
def test_what_encoders_write(encoder: object, fields: dict[str, str]) -> None:
    """Escapes, plus signs and characters that some leave bare are read, as Python's lenient reader reads them."""
    assert callable(encoder)
    body = "&".join(f"{name}={encoder(value)}" for name, value in fields.items()).encode()
    assert fields == form.parse(body) == dict(parse_qsl(body.decode(), keep_blank_values=True))


@given(st.binary(max_size=60))
def test_any_bytes(body: bytes) -> None:
    """Whatever comes, it is read or refused with a code."""
    try:
        fields = form.parse(body)
    except BadInput as error:
        assert error.code.name.startswith("webhooks.")
    else:
        assert fields == dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"a",
        b"a=1&",
        b"&a=1",
        b"a=1&&b=2",
        b"a=1&b",
        b"=1",
        b"a=1=2",
        b"a=%4",
        b"a=%zz",
        b"a=%",
        b"a=%FF",
        b"a=%c3",
        b"a=%ED%A0%80",
        b"a=%C0%80",
        b"a=%00",
        b"a=b c",
        b"a=\xc3\xa9",
        b"a=1\r\n",
        b"a=1\0",
        b"a%0A=1",
        b"a+b=1",
        b"%C3%A9=1",
        b"a;b=1",
        b"x" * 65 + b"=1",
    ],
)
def test_no_form(body: bytes) -> None:
    """webhooks.form: pairs that are none, broken escapes, bytes that an encoder escapes, odd names."""
    assert "webhooks.form" == _refused(body)


@pytest.mark.parametrize("body", [b"a=1&a=1", b"a=1&b=2&a=2", b"x[]=1&x[]=2", b"a=1&%61=2", b"x%5B%5D=1&x[]=2"])
def test_twice(body: bytes) -> None:
    """webhooks.field-twice, however the name is escaped."""
    assert "webhooks.field-twice" == _refused(body)


def test_cap_on_fields() -> None:
    """WEBHOOK_FIELDS fields are read, one more is refused: webhooks.fields."""
    pairs = [b"f%d=1" % number for number in range(limits.WEBHOOK_FIELDS + 1)]
    assert limits.WEBHOOK_FIELDS == len(form.parse(b"&".join(pairs[:-1])))
    assert "webhooks.fields" == _refused(b"&".join(pairs))


def test_cap_on_bytes() -> None:
    """WEBHOOK_BYTES bytes are read, one more is refused: webhooks.size."""
    whole = b"a=" + b"x" * (limits.WEBHOOK_BYTES - 2)
    assert limits.WEBHOOK_BYTES - 2 == len(form.parse(whole)["a"])
    assert "webhooks.size" == _refused(whole + b"x")


def test_no_value_in_an_error() -> None:
    """A value never stands in the error: it could be anything."""
    with pytest.raises(BadInput) as caught:
        form.parse(b"a=1&password=canary%zz")
    assert "canary" not in caught.value.line()
