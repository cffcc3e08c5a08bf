"""The demo's identity provider: a page of fictional people to enter as. Refused in production (accounts.E001)."""
