"""What is set for payment services: where they are, and how long a timed call may be sent.

A service is spoken to by https alone, on loopback too. CoinSpark publishes no address: it must be set.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from coldtusk_online.base_url import BaseUrl
from coldtusk_online.ledger.service_accounts import SYSTEMS
from coldtusk_online.settings_table import Table
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.text import quoted

URL = Code("settings.service-url", "write https://host/path: host in lower case, no user, no query, nothing behind #")
NO_URL = Code("settings.no-service-url", "set `url` under [services.NAME] in the settings file")

_URL = re.compile(r"(https://[a-z0-9.:\[\]_-]+)((?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?)", re.ASCII)
WINDOW: Final = 30
"""Seconds. What CoinRPC takes is not documented (facts: CoinRPC)."""
URLS: Final[Mapping[str, str]] = {
    "coinpayments": "https://www.coinpayments.net/api.php",
    "coinrpc": "https://api.coinrpc.com/bitcoin",
    "coinspark": "",
    "coinsoftworks": "https://www.coinsoftworks.com/_functions",
}
"""Where the services' documents say that they are; "" where none says it."""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """One service. *url* is "" if nobody said it; *window* is in seconds; *urls* are those of accounts, by label."""

    url: str
    window: int = WINDOW
    urls: Mapping[str, str] = field(default_factory=dict)


def default(system: str) -> ServiceSettings:
    """What holds for *system* where nothing is set."""
    return ServiceSettings(URLS[system])


def parse(table: Table) -> dict[str, ServiceSettings]:
    """The table ``[services]``."""
    found = {system: table.table(system) for system in SYSTEMS}
    table.done()
    return {system: _service(system, one) for system, one in found.items() if one is not None}


def split(url: str, where: str) -> tuple[BaseUrl, str]:
    """Server and path of a service's *url*; the path begins with "/" and is sent as it is.

    :raises BadInput: ``settings.service-url``, ``url.form``.
    """
    match = _URL.fullmatch(url) if len(url) <= limits.SERVICE_URL_BYTES else None
    if match is None:
        raise BadInput(URL, f"{quoted(url)} is no address of a service", where=where)
    return BaseUrl.parse(match[1], where), match[2] or "/"


def endpoint(settings: ServiceSettings, system: str, label: str) -> tuple[BaseUrl, str]:
    """Server and path for the account *label* of *system*.

    :raises Refused: ``settings.no-service-url``.
    """
    url = settings.urls.get(label, settings.url)
    if not url:
        raise Refused(NO_URL, f"nobody said where {system} is", where=f"services.{system}.url")
    return split(url, f"services.{system}.url")


def _service(system: str, table: Table) -> ServiceSettings:
    settings = ServiceSettings(
        url=_url(table, "url", URLS[system]),
        window=table.whole("window", limits.SEND_WINDOW_SECONDS, WINDOW) if system == "coinrpc" else WINDOW,
        urls=_urls(table.table("urls")),
    )
    table.done()
    return settings


def _urls(table: Table | None) -> dict[str, str]:
    return {} if table is None else {label: _url(table, label, "") for label in table.left()}


def _url(table: Table, key: str, otherwise: str) -> str:
    url = table.take(key, str)
    if url is None:
        return otherwise
    split(url, table.at(key))
    return str(url)
