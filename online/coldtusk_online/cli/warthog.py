"""``warthog``: ask the chain, and build requests for the device."""

from coldtusk_online.cli.lazy import Entry, LazyGroup

_COMMANDS = {
    "head": Entry("warthog_ask", "head", "The chain's head that all nodes agree on."),
    "balance": Entry("warthog_ask", "balance", "What an account has."),
    "asset": Entry("warthog_asset", "asset", "An asset by its hash, proved, or all assets of a name."),
    "fee": Entry("warthog_ask", "fee", "The minimum fee, and how a fee is rounded."),
    "price": Entry("warthog_asset", "price", "A limit price, rounded down and up."),
    "transfer": Entry("warthog_build", "transfer", "Request to send WART."),
    "token-transfer": Entry("warthog_build", "token_transfer", "Request to send an asset or liquidity shares."),
    "swap": Entry("warthog_build", "swap", "Request to place a limit order."),
    "deposit": Entry("warthog_build", "deposit", "Request to deposit into an asset's pool."),
    "withdraw": Entry("warthog_build", "withdraw", "Request to redeem liquidity shares."),
    "cancel": Entry("warthog_build", "cancel", "Request to cancel a pending payment or an open order."),
    "create-asset": Entry("warthog_build", "create_asset", "Request to create an asset."),
}

group = LazyGroup("warthog", entries=_COMMANDS, help="Ask the chain, and build requests for the device.")
