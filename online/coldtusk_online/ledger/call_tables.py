"""The tables of calls of payment services, new in version 2 of the schema (:mod:`coldtusk_online.ledger.tables`)."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from coldtusk_online.ledger.tables import METADATA

SERVICE_ACCOUNTS = Table(
    "service_accounts",
    METADATA,
    Column("system", String(16), primary_key=True),
    Column("account", LargeBinary(64), primary_key=True),
    Column("label", String(64), nullable=False),
    Column("device", LargeBinary(16), ForeignKey("devices.kid"), nullable=False),
    UniqueConstraint("system", "label"),
)
"""Accounts at payment services, and the device that holds their secrets. *account* is what an item names."""

CALLS = Table(
    "calls",
    METADATA,
    Column("id", LargeBinary(16), primary_key=True),
    Column("request", LargeBinary(16), ForeignKey("requests.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("system", String(16), nullable=False),
    Column("command", String(64), nullable=False),
    Column("account", LargeBinary(64), nullable=False),
    Column("number", BigInteger),
    Column("intent", LargeBinary(32), nullable=False),
    Column("output", LargeBinary),
    Column("reference", String(128), nullable=False, default=""),
    Column("reply", LargeBinary),
    Column("note", String(512), nullable=False, default=""),
    UniqueConstraint("system", "account", "number", name="one_number_an_account"),
    UniqueConstraint("request", "place"),
    Index("calls_by_state", "state"),
    Index("calls_by_intent", "intent"),
    Index("calls_by_account", "system", "account"),
)
"""One intent each. *number* is the device's (a nonce), *output* what it gave, *reference* the service's own id."""

CALL_HISTORY = Table(
    "call_history",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("call", LargeBinary(16), ForeignKey("calls.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("note", String(512), nullable=False),
    Index("call_history_by_call", "call"),
)
"""Every step of every call with its time, for the auditor; rows are added and never changed."""
