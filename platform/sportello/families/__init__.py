"""Adults, children, who is guardian of whom, who is delegated, who pays, in which class a child sits. All dated.

An adult is the person of the Account with the same fiscal code; no key ties them, because most adults
of a roster never log in. Which children a person may see, and for which act, `queries` alone decides.
"""
