"""Carts: what a person chose to pay in one go, and her way to pagoPA's Checkout and back.

What may be chosen is an `offer`: notices that are out, and what is due without one. A cart opens the positions that are
missing; only receipts say that anything was paid, whatever the browser comes back with.
"""
