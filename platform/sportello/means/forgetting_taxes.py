"""What says nothing any more about somebody's taxes is deleted."""

from datetime import date, datetime, timedelta

from django.db import transaction

from sportello.means.models import TaxFileLoad, TaxPosition
from sportello.means.tax_loading import discard_tax_file
from sportello.means.tax_models import TaxLoadState

FILE_DAYS = 7


@transaction.atomic
def forget_tax_positions(*, today: date) -> int:
    """Deletes the positions past their expiry; how many."""
    deleted, _by_model = TaxPosition.objects.filter(valid_during__fully_lt=(today, None)).delete()
    return deleted


def forget_tax_files(*, now: datetime) -> int:
    """Discards the files that nobody committed within FILE_DAYS days: they hold the taxes of a whole town."""
    waiting = TaxFileLoad.objects.filter(
        state__in=(TaxLoadState.RECEIVED, TaxLoadState.CHECKED), uploaded_at__lt=now - timedelta(days=FILE_DAYS)
    ).order_by("pk")
    loads = list(waiting)
    for load in loads:
        discard_tax_file(load=load, actor=None, now=now)
    return len(loads)
