"""coinsoftworks: what both halves must agree on."""
