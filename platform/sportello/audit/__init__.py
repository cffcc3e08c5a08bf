"""Who did or saw what: an append-only list of events, one closed set of actions.

Others call `audit.recording.record(...)`; nothing here holds the personal data themselves.
"""
