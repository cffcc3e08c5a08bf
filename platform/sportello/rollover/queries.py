"""Reads of the work list."""

from django.db.models import Count, Q, QuerySet

from sportello.kernel.school_year import SchoolYear
from sportello.rollover.models import WorkItem, WorkKind


def work_items() -> QuerySet[WorkItem]:
    """Every row with all that its line shows, in one query."""
    return WorkItem.objects.select_related("child", "service", "school", "section", "done_by")


def progress_by_kind(year: SchoolYear) -> list[tuple[WorkKind, int, int]]:
    """For each kind that has rows: how many are to do, and how many there are; one query."""
    rows = WorkItem.objects.filter(school_year=year.start_year).values("kind").order_by("kind")
    counts = {
        row["kind"]: (row["to_do"], row["all"])
        for row in rows.annotate(to_do=Count("pk", filter=Q(done_at=None)), all=Count("pk"))
    }
    return [(kind, *counts[kind]) for kind in WorkKind if kind in counts]
