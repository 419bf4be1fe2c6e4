"""The errors of the service's document, as codes that tell an operator what to do.

Each of these says that nothing was created. An internal error does not say so, and neither does a code that the
document does not know: after those the outcome is unknown.
"""

from typing import Final

from coldtusk_shared.errors import Code

NOT_HTTPS = Code(
    "coinspark.service.not-https", "set the https address of the service: the key is burned if it was http"
)
KEY = Code("coinspark.service.key", "compare the key with the service's: enrol it again on the device")
FUNDS = Code(
    "coinspark.service.funds", "send bitcoin to the account's address at the service, then have it asked again"
)
JSON = Code("coinspark.service.json", "the service does not read what we write: report it, nothing was created")
REQUEST = Code("coinspark.service.request", "the service does not read what we write: report it, nothing was created")
METHOD = Code("coinspark.service.method", "check the service's address in the settings: this one creates no assets")
PARAMS = Code("coinspark.service.params", "the service's words say which parameter; have it asked with another")

REJECTED: Final = {
    -20000: NOT_HTTPS,
    -20001: KEY,
    -20002: FUNDS,
    -20003: FUNDS,
    -32700: JSON,
    -32600: REQUEST,
    -32601: METHOD,
    -32602: PARAMS,
}
"""By the number in the reply. The document's table has -20002 for a lack of funds, its example -20003."""
