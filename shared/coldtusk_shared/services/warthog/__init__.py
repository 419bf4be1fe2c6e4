"""Warthog: the seven transaction types, their exact bytes, and each network's dialect."""
