"""What the rules say of the children of a person, before she begins: who may apply, who may not and why."""

from dataclasses import dataclass
from datetime import datetime

from sportello.accounts.models import Account
from sportello.applications.calls import Call
from sportello.applications.drafting import blank_application
from sportello.applications.steps.child import obstacle
from sportello.applications.steps.draft import Draft
from sportello.applications.steps.verdicts import doubts_before
from sportello.families.models import Child
from sportello.kernel.clock import ROME


@dataclass(frozen=True, slots=True)
class ChildStanding:
    """A child of hers: why it may not be applied for (empty when it may), and what the office will look at."""

    child: Child
    why_not: str
    doubts: list[str]


def children_standing(*, account: Account, call: Call, now: datetime) -> list[ChildStanding]:
    """Every child for whom she may apply, as the edition of the call sees it today; a fixed number of queries."""
    application = blank_application(call=call, account=account, now=now)
    draft = Draft(application, call.content, account, now.astimezone(ROME).date())
    standing = []
    for child in draft.children:
        why_not = obstacle(draft, child)
        standing.append(ChildStanding(child, why_not, [] if why_not else doubts_before(draft, child)))
    return standing
