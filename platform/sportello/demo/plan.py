"""What one demo consists of, as a value: where it lives, its port, its set-up steps, its programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sportello.demo.places import DiskUsage, disk_usage
from sportello.demo.programs import PROGRAMS, Program
from sportello.demo.season import season_shift
from sportello.demo.state import DemoState
from sportello.demo.steps import Step
from sportello.kernel import clock


@dataclass(frozen=True, slots=True)
class Plan:
    """A demo to run; ``outside`` is the environment it was called in."""

    project: Path
    state: DemoState
    outside: Mapping[str, str]
    steps: tuple[Step, ...]
    port: int = 8000
    bind: str = "127.0.0.1"
    programs: tuple[Program, ...] = PROGRAMS
    usage: DiskUsage = disk_usage

    def settings(self, *, database: str, valkey: str) -> dict[str, str]:
        """Return the variables that make the product a demo, for every process below the supervisor."""
        folder = self.state.folder
        return {
            "CLOCK_SHIFT_DAYS": str(season_shift(folder / "clock_shift", clock.today())),
            "DATABASE_URL": database,
            "VALKEY_URL": valkey,
            "DJANGO_SETTINGS_MODULE": "sportello.config.settings",
            "DEMO": "true",
            "DEMO_STATE": str(folder),
            "MEDIA_ROOT": str(folder / "media"),
            "EMAIL_URL": f"demomail://{folder / 'mail'}",
            "PUBLIC_PORT": str(self.port),
            "PYTHONPATH": str(self.project / "platform"),
            "SECRET_KEY": self.state.secret_key(),
            "STATIC_ROOT": str(folder / "static"),
        }

    def environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        """Return the whole environment of the processes below the supervisor."""
        return {**self.outside, "PYTHONUNBUFFERED": "1", **settings}
