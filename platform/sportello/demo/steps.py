"""The set-up of the demo as data: each step is a command that may be run again, and remembered when it is done."""

import sys
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from sportello.demo.state import DemoState

MANAGE = (sys.executable, "manage.py")
ROOTS = (
    "platform/sportello/*",
    "tenants",
    "services_catalog",
    "integrations",
    "integrations/*",
    "integrations/*/*",
    "onboarding",
    "onboarding/*",
)
MIGRATIONS = tuple(f"{root}/migrations/*.py" for root in ROOTS)

CENTRAL_MEMBER = ("--fiscal-code", "CNTNNI81H52A662Q", "--given-name", "Nina", "--family-name", "Centrale")  # invented


@dataclass(frozen=True, slots=True)
class Step:
    """A command of the set-up.

    Done once for a given content of the files it depends on (patterns below the project): a new migration or a
    changed pack runs it again. Without patterns it is done once for all; ``always``, at each start. An interrupted
    step is not done, so its command must go on from where it stopped, or do nothing twice.
    """

    name: str
    title: str
    command: tuple[str, ...]
    depends: tuple[str, ...] = ()
    always: bool = False


CHILDREN = 2_000
GROUND: tuple[Step, ...] = (
    Step(
        name="static",
        title="Collecting styles and scripts",
        command=(*MANAGE, "collectstatic", "--noinput", "--verbosity", "0", "--ignore", "vendor-src"),
        depends=("static/css/**/*", "static/js/**/*", "static/img/**/*", "static/vendor/**/*", "uv.lock"),
    ),
    Step(
        name="provision",
        title="Creating the schemas of the 41 Comuni",
        command=(*MANAGE, "provision_all"),
        depends=(*MIGRATIONS, "tenants/packs/**/*"),
    ),
    Step(
        name="templates",
        title="Beginning the services nobody has decided yet with the metropolitan templates",
        command=(*MANAGE, "offer_templates"),
        depends=(*MIGRATIONS, "tenants/packs/**/*"),
    ),
    Step(
        name="identity",
        title="Registering the Comuni with the demonstration identity provider",
        command=(*MANAGE, "federate_demo"),
        always=True,  # the addresses of its federation hold the port
    ),
    Step(
        name="central",
        title="Naming a member of the central team",
        command=(*MANAGE, "appoint_central", *CENTRAL_MEMBER),
    ),
)
POPULATE = Step(
    name="populate",
    title="Opening five Comuni, and inviting the fictional families of Bari, Bitonto and Terlizzi",
    command=(*MANAGE, "populate_demo"),
)


def steps_for(*, children: int) -> tuple[Step, ...]:
    """Return the set-up of a demo with so many children in each of its Comuni."""
    return (*GROUND, replace(POPULATE, command=(*POPULATE.command, "--children", str(children))))


def fingerprint(step: Step, *, project: Path, database: str) -> str:
    """Return what the marker of a finished step says: changes with its command, its files and the database."""
    digest = sha256(repr((step.command[1:], database)).encode())
    for pattern in step.depends:
        for path in sorted(project.glob(pattern)):
            if path.is_file():
                digest.update(str(path.relative_to(project)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def is_done(step: Step, *, state: DemoState, wanted: str) -> bool:
    """Tell whether the step was finished with this fingerprint."""
    marker = state.steps / step.name
    return not step.always and marker.exists() and marker.read_text() == wanted


def mark_done(step: Step, *, state: DemoState, wanted: str) -> None:
    """Remember that the step was finished with this fingerprint."""
    (state.steps / step.name).write_text(wanted)
