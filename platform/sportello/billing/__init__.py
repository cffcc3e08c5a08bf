"""The ledger: what a child's use of a service costs and what was paid. It knows no service but its code.

Entries are append-only integers of cents: positive in the family's favour, negative when charged. The
balance of an account is the sum of its entries, kept by the database. Others call
`billing.posting.post_entries(...)`.
"""
