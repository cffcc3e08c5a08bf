from django.apps import AppConfig


class MeansConfig(AppConfig):
    name = "sportello.means"
    label = "means"

    def ready(self) -> None:
        """Ties the jobs of tax files to their kinds."""
        from sportello.jobs.registry import register  # noqa: PLC0415  # models must be loaded first
        from sportello.jobs.results import show_result_at  # noqa: PLC0415
        from sportello.means.tax_handing_in import CHECK, COMMIT  # noqa: PLC0415
        from sportello.means.tax_jobs import page_of, run_check, run_commit  # noqa: PLC0415

        register(CHECK, run_check)
        register(COMMIT, run_commit)
        for kind in (CHECK, COMMIT):
            show_result_at(kind, page_of)
