"""Tables for the device that fit the stand-ins: CoinRPC's methods and coinsoftworks' actions, made up as they are."""

from typing import Final

COINRPC_METHODS: Final = """# What this wallet takes besides get_balance. Made up: CoinRPC publishes no other method.

[[method]]
name = "send"
risk = "moves money"

[[method.field]]
name = "recipient"
form = "address"
required = true

[[method.field]]
name = "amount"
form = "amount"
required = true

[[method.field]]
name = "currency"
form = "currency"

[[method.field]]
name = "comment"
form = "text"

[[method]]
name = "list_transactions"
risk = "reads"

[[method]]
name = "get_transaction"
risk = "reads"

[[method.field]]
name = "guid"
form = "token"
required = true
"""

COINSOFTWORKS_ACTIONS: Final = """# Actions of this rehearsal's account. Made up: coinsoftworks publishes no paths.

[[action]]
name = "send_btc"
risk = "moves money"
method = "POST"
path = "/execute/33"
poll_path = "/poll/{id}"
poll_id = "task_id"
poll_status = "status"
done = "Done"
failed = "Failed"

[[action.field]]
name = "to"
form = "address"
required = true

[[action.field]]
name = "amount"
form = "amount"
required = true

[[action]]
name = "start_mining"
risk = "changes"
method = "POST"
path = "/execute/35"
poll_path = "/poll/{id}"
poll_id = "task_id"
poll_status = "status"
done = "Done"
failed = "Failed"
"""
