"""What a reporting flow does to the positions: a paid option becomes reported, and its position with the last one."""

from typing import Any

from integrations.pagopa.simulator.models import Option, PositionState


def mark_reported(*, fiscal_code: str, lines: list[dict[str, Any]]) -> None:
    """Marks the options that the lines are about, in GPD and in ACA."""
    iuvs = [line["iuv"] for line in lines]
    paid = Option.objects.filter(fiscal_code=fiscal_code, iuv__in=iuvs, state="PO_PAID").select_related("position")
    for option in paid.order_by("id"):
        option.state = "PO_REPORTED"
        option.save(update_fields=["state"])
        position = option.position
        still = position.options.filter(state="PO_PAID").exists()
        if position.state == PositionState.PAID and not still:
            position.state = PositionState.REPORTED
            position.save(update_fields=["state"])
