"""How the genesis metadata packs a web address: a byte for what is common, and base 40 (facts: CoinSpark, metadata)."""

from coldtusk_shared.services.coinspark.web_address import AssetUrl

CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz-.<>"
"""The forty digits, by value."""
_SUFFIXES = [
    ".at",
    ".au",
    ".be",
    ".biz",
    ".br",
    ".ca",
    ".ch",
    ".cn",
    ".co.jp",
    ".co.kr",
    ".co.uk",
    ".co.za",
    ".co",
    ".com.ar",
    ".com.au",
    ".com.br",
    ".com.cn",
    ".com.mx",
    ".com.tr",
    ".com.tw",
    ".com.ua",
    ".com",
    ".cz",
    ".de",
    ".dk",
    ".edu",
    ".es",
    ".eu",
    ".fr",
    ".gov",
    ".gr",
    ".hk",
    ".hu",
    ".il",
    ".in",
    ".info",
    ".ir",
    ".it",
    ".jp",
    ".kr",
    ".me",
    ".mx",
    ".net",
    ".nl",
    ".no",
    ".org",
    ".pl",
    ".ps",
    ".ro",
    ".ru",
    ".se",
    ".sg",
    ".tr",
    ".tv",
    ".tw",
    ".ua",
    ".uk",
    ".us",
    ".vn",
]
"""Index 1 on; 0 is none."""
_PREFIX = "www."
_PREFIX_SHIFT = 6
_IPV4, _IPV4_HTTPS = 63, 0x40
_YES, _NO = ">", "<"
_GROUP = 3
_GROUP_BYTES = 2


def pack(url: AssetUrl) -> bytes:
    """The packing byte, the octets of an IPv4 address, and the texts in base 40."""
    path = url.name + (_YES if url.prefix else _NO)
    if url.octets is not None:
        return bytes((_IPV4 | (_IPV4_HTTPS if url.https else 0),)) + url.octets + _base_40(path)
    packing, short = _shortened(url.domain)
    return bytes((packing,)) + _base_40(short + (_YES if url.https else _NO) + path)


def _shortened(domain: str) -> tuple[int, str]:
    """The packing byte and what is left of *domain* without the prefix and the longest suffix of the table."""
    rest = domain.removeprefix(_PREFIX)
    suffix = max((one for one in _SUFFIXES if rest.endswith(one)), key=len, default="")
    index = _SUFFIXES.index(suffix) + 1 if suffix else 0
    return (rest != domain) << _PREFIX_SHIFT | index, rest.removesuffix(suffix)


def _base_40(text: str) -> bytes:
    """Three characters in two bytes, little-endian, the first least; the last group may be short."""
    groups = (text[at : at + _GROUP] for at in range(0, len(text), _GROUP))
    return b"".join(_value(group).to_bytes(_GROUP_BYTES, "little") for group in groups)


def _value(group: str) -> int:
    return sum(CHARACTERS.index(character) * len(CHARACTERS) ** place for place, character in enumerate(group))
