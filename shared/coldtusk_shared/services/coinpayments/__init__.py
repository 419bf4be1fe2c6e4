"""CoinPayments: what both halves must agree on."""
