"""``coinsoftworks``: build requests for the device; each brings ``authenticate`` along unless told otherwise."""

from coldtusk_online.cli.lazy import Entry, LazyGroup

_COMMANDS = {
    "settings": Entry("coinsoftworks_build", "settings", "Request to read the account's settings."),
    "actions": Entry("coinsoftworks_build", "actions", "Request to read the actions that the account has."),
    "user": Entry("coinsoftworks_build", "user", "Request to read the account's name and plan."),
    "execute": Entry("coinsoftworks_build", "execute", "Request to execute an action that the device has enrolled."),
}

group = LazyGroup("coinsoftworks", entries=_COMMANDS, help="Build coinsoftworks calls for the device.")
