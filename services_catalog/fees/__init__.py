"""The words of a fee table, by kind: circumstances, bases, modifiers, proration, policies.

Each is a frozen value without code; :mod:`services_catalog.fee_table` puts them together.
"""
