"""What somebody wrote in the margin: only a person can read it."""

from onboarding.judging.line import Line
from onboarding.judging.plan import Plan


def read_note(line: Line, _plan: Plan) -> None:
    """A note is never obeyed nor dropped unread."""
    if line.texts["note"].strip(" .-"):
        line.note("free_text_note", "note", line.texts["note"][:80])
