"""coinsoftworks: what a person sees, what the device makes, and how a secret is enrolled."""
