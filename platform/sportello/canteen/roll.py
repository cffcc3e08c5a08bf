"""The roll of a section: which children may eat on a day. It reads places and diets; never money."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from services_catalog.models import Archetype
from sportello.canteen.diet_names import diet_name
from sportello.canteen.models import Presence, RollCall, SpecialDiet
from sportello.families.models import Child
from sportello.schools.models import Section


@dataclass(frozen=True, slots=True)
class RollLine:
    """A child on the roll. `diet_code` is a code for the kitchen, never a reason; `ate` None: not called yet."""

    child: Child
    diet_code: str
    ate: bool | None = None
    presence_id: int | None = None

    @property
    def diet(self) -> str:
        """The name of the diet; empty for the ordinary menu."""
        return diet_name(self.diet_code)


def children_on_roll(section: Section, day: date) -> QuerySet[Child]:
    """The children who sit in the section and have a place at the canteen on that day, in order of name."""
    return (
        Child.objects.filter(
            placements__section=section,
            placements__valid_during__contains=day,
            subscriptions__service__archetype=Archetype.MEALS,
            subscriptions__valid_during__contains=day,
        )
        .exclude(pk__in=Presence.objects.filter(day=day).exclude(roll_call__section=section).values("child"))
        .distinct()
        .order_by("family_name", "given_name", "pk")
    )


def diet_codes(children: Iterable[Child], day: date) -> dict[int, str]:
    """Child id -> code of the special diet on that day; children with the ordinary menu are left out."""
    diets = SpecialDiet.objects.filter(child__in=list(children), valid_during__contains=day)
    return dict(diets.order_by("child_id").values_list("child_id", "code"))


def roll_of(section: Section, day: date, roll_call: RollCall | None = None) -> list[RollLine]:
    """The lines of the roll: who is on it today and, once called, also who was on it then. Four queries at most."""
    children = {child.pk: child for child in children_on_roll(section, day)}
    presences: dict[int, Presence] = {}
    if roll_call is not None:
        for presence in roll_call.presences.select_related("child"):
            presences[presence.child_id] = presence
            children.setdefault(presence.child_id, presence.child)
    codes = diet_codes(children.values(), day)
    lines = [
        RollLine(
            child=child,
            diet_code=codes.get(child.pk, ""),
            ate=presences[child.pk].ate if child.pk in presences else None,
            presence_id=presences[child.pk].pk if child.pk in presences else None,
        )
        for child in children.values()
    ]
    return sorted(lines, key=lambda line: (line.child.family_name, line.child.given_name, line.child.pk))
