"""``coinspark``: build requests that create assets, and look at what was created."""

from coldtusk_online.cli.lazy import Entry, LazyGroup

_COMMANDS = {
    "create-asset": Entry("coinspark_build", "create_asset", "Request to create an asset: it releases the API key."),
    "asset": Entry("coinspark_asset", "asset", "Check a created asset again; write its page's JSON and its contract."),
}

group = LazyGroup("coinspark", entries=_COMMANDS, help="Build requests that create assets, and check what was created.")
