"""Anything leaves as it came: the whole of a Comune as a package of open files, and its deletion with a certificate.

A package is made by a job from one snapshot (`packaging`), read back into an empty schema by `importing`, and described
by itself (Frictionless). A departure is asked, approved by a second person, waits, and only then deletes (`departing`,
`deletion`). Departures live with the central team, packages with their Comune.
"""
