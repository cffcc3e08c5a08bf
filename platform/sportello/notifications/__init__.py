"""Telling people: notices in the personal area, and mail through an outbox written in the caller's transaction.

Others call `notifications.notifying.notify(...)`.
"""
