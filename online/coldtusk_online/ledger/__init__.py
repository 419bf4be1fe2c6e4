"""What was asked, answered and submitted, on disk before its effect is visible.

SQLite by default. A caller opens one transaction (:meth:`store.Ledger.writing`) and does in it what
belongs together; the functions of this package take its connection.
"""
