"""CoinPayments: from an ask to a call, and what became of it."""
