"""Credit of families: told when it runs low, moved from a child to a sibling, given back at the end of the cycle.

Money only changes place here: what leaves an account enters another, or leaves the Comune's books with a document.
"""
