"""How INPS answers: the row of its simulator in the current Comune."""

from integrations.models import Connector


def inps_answers(case: str, **settings: object) -> None:
    """From now on, for every fiscal code; `settings` are others of the simulator."""
    chosen = {"answers": {"*": case}, **settings}
    Connector.objects.update_or_create(
        kind="inps_isee", adapter="simulator", defaults={"settings": chosen, "enabled": True}
    )
