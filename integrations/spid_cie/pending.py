"""Logins that were begun in this browser: kept in its session, so that an answer made for another one is refused.

The path to come back to stays here too: it never travels through the browser, so nobody can change it.
"""

import secrets
from typing import Final

from django.http import HttpRequest

from integrations.spid_cie.errors import AnswerRefused

SESSION_KEY: Final = "entrances"
MOST: Final = 5  # tabs of one browser that may stand at the provider's page together


def open_entrance(request: HttpRequest, next_path: str) -> str:
    """Remembers a login that begins; returns its unguessable state."""
    state = secrets.token_urlsafe(24)
    entrances = dict(request.session.get(SESSION_KEY, {}))
    while len(entrances) >= MOST:
        entrances.pop(next(iter(entrances)))
    request.session[SESSION_KEY] = {**entrances, state: next_path}
    return state


def is_open(request: HttpRequest, state: str) -> bool:
    """Whether this browser began that login and has not completed it."""
    return state in request.session.get(SESSION_KEY, {})


def close_entrance(request: HttpRequest, state: str) -> str:
    """Forgets the login and returns its path; raises AnswerRefused when this browser never began it."""
    entrances = dict(request.session.get(SESSION_KEY, {}))
    if state not in entrances:
        raise AnswerRefused
    next_path = str(entrances.pop(state))
    request.session[SESSION_KEY] = entrances
    return next_path
