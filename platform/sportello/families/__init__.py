"""Adults, children, who is guardian of whom, who pays, and in which class a child sits. All dated.

An adult is the person of the Account with the same fiscal code; no key ties them, because most adults
of a roster never log in.
"""
