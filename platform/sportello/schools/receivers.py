"""A Comune that comes in finds its schools there."""

from typing import Any

from sportello.schools.registering import SchoolRow, register_schools
from tenants.municipal_packs import MunicipalPack


def register_schools_of_pack(*, pack: MunicipalPack, **_news: Any) -> None:
    """Hears `tenants.signals.municipality_provisioned`, inside the new schema."""
    register_schools(
        rows=[
            SchoolRow(
                school_code=facts.school_code,
                name=facts.name,
                level=facts.level,
                kind=facts.kind,
                ownership=facts.ownership,
                address=facts.address,
            )
            for facts in pack.schools()
        ]
    )
