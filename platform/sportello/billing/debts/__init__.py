"""Debt positions: what the Comune asks a payer to pay, under which notice number, until when.

A position collects sums of ledger accounts; it never charges. It has one option (number 0) or instalments (1..n), each
with a notice number and transfers. The states are those of GPD v1 and change only through `debts.states`.
"""
