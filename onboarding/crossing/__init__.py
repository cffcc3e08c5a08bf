"""Crossing from a desk where one has entered to another, without another password: by a code, good once, for a minute.

The desk arrived at begins it and keeps a secret in the browser; the desk left gives a code bound to that secret's
digest and to the other's schema; the first takes it back. Two ways use it: from a Comune into its twin
(``onboarding.training``), and from the central team into a Comune that it brings in (``central``), where only the pages
of loads open.
"""
