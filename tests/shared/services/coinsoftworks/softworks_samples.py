"""An account of coinsoftworks, its canary secrets, and contents of its calls."""

from typing import Any

from coldtusk_shared.cbor import Value
from coldtusk_shared.services.coinsoftworks import content
from coldtusk_shared.services.coinsoftworks.commands import COMMANDS
from coldtusk_shared.services.coinsoftworks.content import CoinsoftworksContent

ACCOUNT = bytes(range(100, 116))
TOKEN = "1_CANARY-simple-access-token"
"""Also a canary: it stands in no file, no log and no error."""
KEY = "CANARY/account+api key".replace(" ", "=")
KEY_IN_PATH = "CANARY%2Faccount%2Bapi%3Dkey"
SEND = (("to", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"), ("amount", "0.10"), ("currency", "BTC"))
"""Parameters of an action, in another order than its table's."""


def call(name: str) -> CoinsoftworksContent:
    """A call without fields."""
    return CoinsoftworksContent(ACCOUNT, COMMANDS[name])


def send(*parameters: tuple[str, str], action: str = "send") -> CoinsoftworksContent:
    """An action."""
    return content.execute(ACCOUNT, action, parameters or SEND)


def parsed(name: str, fields: Any, account: bytes = ACCOUNT, evidence: Any = None) -> CoinsoftworksContent:
    """What a message with these *fields* holds."""
    given: Value = fields
    return content.parse(f"coinsoftworks/{name}", account, given, evidence or {}, "items[0]")
