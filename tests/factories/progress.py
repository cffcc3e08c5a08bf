"""A progress that nobody looks at."""


class Silent:
    """Takes what a job tells of itself and does nothing with it."""

    def advance(self, *, done: int | None = None, total: int | None = None, message: str | None = None) -> None:
        return
