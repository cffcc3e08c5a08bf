"""The jobs of an issue: count, issue, print."""

from typing import Any, Final

from django.urls import reverse

from sportello.billing.issuing.models import NoticeIssue
from sportello.billing.issuing.preparing import COUNT, ISSUE, PRINT
from sportello.billing.issuing.printing import print_notices
from sportello.billing.issuing.runs import count_issue, issue_notices
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress, Runner
from sportello.kernel import clock


def run_count(job: Job, progress: Progress) -> dict[str, Any]:
    """Counts."""
    return count_issue(issue=_issue(job), now=clock.now(), progress=progress)


def run_issue(job: Job, progress: Progress) -> dict[str, Any]:
    """Issues."""
    return issue_notices(issue=_issue(job), actor=job.requested_by, now=clock.now(), progress=progress)


def run_print(job: Job, progress: Progress) -> dict[str, Any]:
    """Makes the papers."""
    return print_notices(issue=_issue(job), now=clock.now(), progress=progress)


def page_of(job: Job) -> str:
    """The page of the issue."""
    return reverse("issuing:issue", args=[job.arguments["issue"]])


def _issue(job: Job) -> NoticeIssue:
    return NoticeIssue.objects.get(public_id=job.arguments["issue"])


IN_PIECES: Final = frozenset({ISSUE, PRINT})
RUNNERS: Final[dict[str, Runner]] = {COUNT: run_count, ISSUE: run_issue, PRINT: run_print}
