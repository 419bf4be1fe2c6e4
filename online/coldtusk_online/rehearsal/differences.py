"""Where the rehearsal node differs from the real one on purpose, each by name with its reason.

:data:`CASES` names cases of the recorded ``add_replies.json``; the test demands that exactly these
differ. :data:`BEHAVIOUR` and :data:`ASSUMED` are for people.
"""

_CRASHES = "the real node takes it and crashes later; refused here as "

CASES: dict[str, str] = {
    "limit 000000": _CRASHES + "129 Invalid price (mantissa below 0x8000)",
    "limit 000042": _CRASHES + "129 Invalid price (mantissa below 0x8000)",
    "limit 7fff42": _CRASHES + "129 Invalid price (mantissa below 0x8000)",
    "limit 800080": _CRASHES + "129 Invalid price (exponent over 127)",
    "limit ffffff": _CRASHES + "129 Invalid price (exponent over 127)",
    "supply 0": "the real node takes it and then makes no more blocks; refused here as 180 Invalid asset supply",
    "supply 2^64-1": _CRASHES + "180 Invalid asset supply",
    "final: mine": "the real node could not mine any more (its mempool held the supply of 0); here the block is made",
}
"""Recorded case -> why its reply is another one here."""

BEHAVIOUR: dict[str, str] = {
    "missing fee": "the real v0.10.13 node crashes on a body without a fee; refused here as 130 Invalid fee",
    "partly covered": "the real node may take what total - locked - mempool does not cover and never mine it; "
    "refused here as 22 or 184, unless entries of the account with a lower fee make room",
    "no matching": "orders rest and are never filled, against each other or against the pool",
    "linger": "sockets stay open for 0.5 s after a reply instead of 10 s",
    "fund": "balances can be given out of nothing, in process; supply is not limited",
    "fakemine": "exists on both networks; the real node has it on a private test network",
    "block hashes": "follow from a seed and the height, not from the block's content; there is no work and no fork",
    "one hash, two senders": "the first one mined is what a lookup shows",
    "request caps": "a head over 16 KiB, a body over 1 MiB, or a chunked body closes the connection",
    "faults": "POST /rehearsal/fault is not of the real node",
    "other routes": "mining, history, peers, charts, wallets and websockets are not there: no reply",
}
"""What differs beside the recorded cases."""

ASSUMED: dict[str, str] = {
    "pending lookup on main": "not recorded; v0.8 sources: as mined, with 0 confirmations and block height 0",
    "block hash on main": 'not recorded; v0.8 sources: {"hash": ...}',
    "error numbers on main": "malformed funds 89 and hexadecimal input 200 follow the order of v0.8's error table",
    "fakemine success": "only its failure was recorded; the same form with code 0",
    "replacement and balance": "a replaced transaction's cost counts as free for its replacement",
    "one-sided deposits": "shares grow with the geometric mean of the pool, which fits the recorded deposit",
    "resting buy orders": "their remaining amount is shown with 8 decimals; only filled ones were recorded",
}
"""What was not recorded, and what was chosen."""
