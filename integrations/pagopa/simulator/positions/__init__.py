"""Debt positions at the Node's: GPD, which answers payers itself, and ACA, the copy of what stations hold (P9, P23)."""
