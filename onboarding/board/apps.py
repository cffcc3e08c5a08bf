from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "onboarding.board"
    label = "board"

    def ready(self) -> None:
        from onboarding.board.gathering import GATHER, board_page, run_gather  # noqa: PLC0415 -- models must be loaded
        from onboarding.board.models import GatheredSigns  # noqa: PLC0415
        from onboarding.board.own_signs import (  # noqa: PLC0415
            read_administrators,
            read_books,
            read_connectors,
            read_loads,
        )
        from onboarding.leaving.in_public import reached_by, register_public_rows  # noqa: PLC0415
        from onboarding.signs import register_signs  # noqa: PLC0415
        from sportello.jobs.registry import register  # noqa: PLC0415
        from sportello.jobs.results import show_result_at  # noqa: PLC0415

        register_signs("accounts", read_administrators)
        register_signs("billing", read_books)
        register_signs("integrations", read_connectors)
        register_signs("onboarding", read_loads)
        register_public_rows(GatheredSigns, reached_by(GatheredSigns.objects, "municipality"))
        register(GATHER, run_gather)
        show_result_at(GATHER, board_page)
