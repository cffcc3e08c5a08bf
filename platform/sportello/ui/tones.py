"""The fixed palette of states, the same in every Comune and apart from the brand colour."""

TONES = ("neutral", "info", "attention", "success", "danger", "cancelled")

ICONS = {
    "neutral": "pencil",
    "info": "clock",
    "attention": "warning-circle",
    "success": "check-circle",
    "danger": "close-circle",
    "cancelled": "ban",
}

# Status words of the rooms, so that a template may say `{% chip application.status label %}`.
_STATES = {
    "neutral": ("draft", "staged", "closed", "not_started", "superseded"),
    "info": (
        "submitted",
        "proposed",
        "in_review",
        "under_review",
        "running",
        "queued",
        "scheduled",
        "pending",
        "waitlisted",
    ),
    "attention": (
        "to_complete",
        "needs_completion",
        "incomplete",
        "action_needed",
        "due",
        "warning",
        "suspended",
        "offered",
    ),
    "success": (
        "accepted",
        "active",
        "sent",
        "in_force",
        "paid",
        "settled",
        "done",
        "succeeded",
        "live",
        "valid",
        "committed",
    ),
    "danger": ("rejected", "refused", "expired", "failed", "overdue", "error", "invalid"),
    "cancelled": ("withdrawn", "cancelled", "revoked", "renounced"),
}
_TONE_OF = {state: tone for tone, states in _STATES.items() for state in (*states, tone)}


def tone_of(state: str) -> str:
    """The tone of a status word; "neutral" for a word nobody has described."""
    return _TONE_OF.get(state, "neutral")
