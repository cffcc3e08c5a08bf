"""``python -m sportello.demo run|stop|reset``: what ``make demo``, ``make demo-stop`` and ``make demo-reset`` call."""

import argparse
import os
import sys
from pathlib import Path

from sportello.demo.errors import DemoError
from sportello.demo.parent import Parent
from sportello.demo.plan import Plan
from sportello.demo.state import DemoState
from sportello.demo.steps import CHILDREN, Step, steps_for
from sportello.demo.supervisor import Supervisor, say

PROJECT = Path(__file__).resolve().parents[3]
LAST_PORT = 65_535


def main() -> int:
    """Return 0 after an orderly end, 1 after an anticipated failure told on stderr."""
    parser = argparse.ArgumentParser(prog="sportello.demo", description="The whole product on this machine.")
    parser.add_argument("action", choices=["run", "stop", "reset"])
    parser.add_argument("--with-parent", action="store_true", help="stop when the process that started this one ends")
    parser.add_argument("--state", type=Path, default=PROJECT / ".demo", help="where the data are kept")
    parser.add_argument("--children", type=int, default=CHILDREN, help=f"fictional children a Comune ({CHILDREN})")
    options = parser.parse_args()
    state = DemoState(folder=options.state.resolve())
    try:
        match options.action:
            case "run":
                run(state, steps_for(children=options.children), Parent.follow() if options.with_parent else None)
            case "stop":
                say("Stopped." if state.stop_owner() else "The demo is not running.")
            case "reset":
                state.stop_owner()
                state.throw_away()
                say("The demo's data are gone; make demo starts over.")
    except DemoError as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    return 0


def run(state: DemoState, steps: tuple[Step, ...], parent: Parent | None) -> None:
    """Run the demo on the port and address that PORT and BIND say. Raises DemoError."""
    words = os.environ.get("PORT") or "8000"
    if not words.isdigit() or not 0 < int(words) <= LAST_PORT:
        raise DemoError("PORT must be a number from 1 to %(last)d, not %(words)s.", last=LAST_PORT, words=words)
    bind = os.environ.get("BIND") or "127.0.0.1"
    plan = Plan(project=PROJECT, state=state, outside=os.environ, steps=steps, port=int(words), bind=bind)
    Supervisor(plan, parent=parent).run()


if __name__ == "__main__":
    sys.exit(main())
