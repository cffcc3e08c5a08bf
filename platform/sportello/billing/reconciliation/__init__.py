"""Reconciliation: what PSPs say they paid over (flows, FdR) against our receipts and the ledger, line by line.

Flows are fetched every night and kept (P34); each line has a verdict and its reason (P32, P33). What does not agree
stays on the accountant's page until it does, or until somebody writes why.
"""
