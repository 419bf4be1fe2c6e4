"""The JSON that goes into the asset's web page, safe to stand inside HTML (the service's document, web_page_fields)."""

import re
from collections.abc import Mapping

from coldtusk_shared.services.coinspark.json_text import Json, encode

_ESCAPED = re.compile("[()<>&'\x7f]")
"""The four that the document names, and what else HTML or an old reader could take for its own."""


def page_json(fields: Mapping[str, Json]) -> bytes:
    """*fields* as they came, in printable ASCII, with ( ) < > and a few more escaped by their code points.

    These characters have no meaning in JSON outside of strings, so the text is escaped as a whole; any reader of JSON
    gets the same values back.
    """
    return _ESCAPED.sub(_escape, encode(fields)).encode("ascii")


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
