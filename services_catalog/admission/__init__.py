"""The language of enrolment: who may apply, with which documents, how a place renews and how many places there are.

The points and the order of a ranking are another part of the language: nothing here compares two children.
"""
