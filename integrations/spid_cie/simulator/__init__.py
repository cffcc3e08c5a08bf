"""The demonstration identity provider, on its own host. Refused in production (accounts.E001).

A second peer that speaks the real protocol: it verifies our signed request against our published metadata, and its
signed answer is verified like any other. Its people are invented.
"""
