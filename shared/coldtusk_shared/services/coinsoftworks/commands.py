"""The calls of the service's document, and ``execute`` for the actions that an operator's table names."""

from coldtusk_shared.command import Command
from coldtusk_shared.risk import Risk

AUTHENTICATE = Command("authenticate", Risk.RELEASES_SECRET)
SETTINGS = Command("settings", Risk.READS)
ACTIONS = Command("actions", Risk.READS)
USER = Command("user", Risk.READS)
EXECUTE = Command("execute", Risk.MOVES_MONEY)
"""Its fields are those of the action, which only the device's table knows: so it counts as the worst."""

COMMANDS = {one.name: one for one in (AUTHENTICATE, SETTINGS, ACTIONS, USER, EXECUTE)}
READS = (SETTINGS, ACTIONS, USER)
DEFAULT_PATHS = {
    AUTHENTICATE.name: "/authentication/{key}",
    SETTINGS.name: "/settings/{key}",
    ACTIONS.name: "/actions/{key}",
    USER.name: "/user/{key}",
}
"""As in the document's examples, but for actions, which it shows at the path of settings (facts: coinsoftworks)."""
