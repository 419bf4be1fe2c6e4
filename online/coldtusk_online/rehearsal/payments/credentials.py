"""What a rehearsal's customer holds of each service: made up, the same in every rehearsal, worth nothing.

They stand here in the open on purpose. Each secret is a word that a search finds, so that a test can look for it
where it must not be.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Credentials:
    """One customer of the four services."""

    coinpayments_public: str = "rehearsal_coinpayments_public_key"
    coinpayments_private: str = "Rehearsal-CoinPayments-PRIVATE-key-7d1f0a"
    coinpayments_read_public: str = "rehearsal_coinpayments_read_only_key"
    coinpayments_read_private: str = "Rehearsal-CoinPayments-READ-ONLY-key-c0ffee"
    coinpayments_merchant: str = "rehearsalmerchant0000000000000001"
    coinpayments_ipn: str = "Rehearsal-CoinPayments-IPN-word-51c3be"
    coinrpc_key: str = "rehearsal_coinrpc_api_key"
    coinrpc_signing: str = "Rehearsal-CoinRPC-API-word-93e2d7"
    coinrpc_webhook: str = "Rehearsal-CoinRPC-WEBHOOK-word-0b64aa"
    coinspark_key: str = "RehearsalCoinSparkKey4c9e"
    coinsoftworks_access: str = "1_Rehearsal-Simple-Access-word-e80b2f"
    coinsoftworks_account: str = "rehearsal-account-api-key-2a77"


REHEARSAL = Credentials()
"""The customer of every rehearsal that names no other."""
