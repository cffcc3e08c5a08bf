"""The figures of the old programme's own report, to compare with those of the file."""

from collections.abc import Mapping

from django.db import transaction

from onboarding.models import RosterLoad


@transaction.atomic
def expect_figures(*, load: RosterLoad, figures: Mapping[str, int]) -> RosterLoad:
    """Keep what the operator typed: `people`, and `credit` and `due` in cents without sign."""
    locked = RosterLoad.objects.select_for_update(of=("self",)).get(pk=load.pk)
    locked.expected = dict(figures)
    locked.save(update_fields=["expected"])
    return locked
