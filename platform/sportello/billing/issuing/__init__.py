"""Notices in bulk: what the ledger holds for many payers becomes a notice for each of them.

The office says of which services and until when (:mod:`preparing`), reads what would be asked and who is left out and
why, then a job issues (:mod:`runs`) and another makes the papers in parts (:mod:`printing`). Done again, both make
nothing twice.
"""
