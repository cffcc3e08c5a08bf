"""The SAML messages themselves: python3-saml with what SPID and CIE ask beside it. Knows no database.

`toolkit` settings for one entity and one provider; `authn_request`, `response` with its `checks`, `logout`: subclasses
of the toolkit's; `metadata`: our own builder. Signatures are always made and verified by the toolkit (xmlsec).
"""
