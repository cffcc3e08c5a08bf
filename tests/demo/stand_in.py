"""A whole demo with stand-in programs, run as a process of its own: ``python stand_in.py <state> <port> [trouble]``.

The programs answer, sleep and have children as the real ones do; they need neither Django nor a population.
"""

import os
import signal
import sys
from pathlib import Path

from sportello.demo.errors import DemoError
from sportello.demo.parent import Parent
from sportello.demo.plan import Plan
from sportello.demo.programs import Program
from sportello.demo.state import DemoState
from sportello.demo.steps import Step
from sportello.demo.supervisor import Supervisor

WEB = """
import http.server, os, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import os, time\\nwhile os.getppid() == %d: time.sleep(0.1)" % os.getpid()])
import signal
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(str(os.getpid()).encode())
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
LINES = "import time; print('first line', flush=True); print('second line', flush=True)"
SLOW = "import time; print('at it', flush=True); time.sleep(600)"
FAILING = "import sys; print('the roster is missing', flush=True); sys.exit(3)"
DYING = "import sys; print('no such module', flush=True); sys.exit(1)"


def python(name: str, code: str, *arguments: str) -> Program:
    """Return a program of some lines of Python."""
    return Program(name=name, command=(sys.executable, "-c", code.replace("{", "{{").replace("}", "}}"), *arguments))


def plan(state: Path, port: int, trouble: str) -> Plan:
    """Return the plan of the stand-in demo."""
    steps = {"step-fails": FAILING, "step-slow": SLOW}
    programs = [
        python("web", WEB, "{port}"),
        python("worker", STUBBORN if trouble == "stubborn" else "import time; time.sleep(600)"),
    ]
    if trouble == "dying":
        programs.append(python("beat", DYING))
    return Plan(
        project=Path(__file__).resolve().parents[2],
        state=DemoState(folder=state),
        outside=os.environ,
        port=port,
        steps=(
            Step(name="lines", title="Writing two lines", command=(sys.executable, "-c", LINES)),
            Step(name="more", title="Doing more", command=(sys.executable, "-c", steps.get(trouble, LINES))),
        ),
        programs=tuple(programs),
    )


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    trouble = sys.argv[3] if len(sys.argv) > 3 else ""
    try:
        parent = Parent.follow() if "--with-parent" in sys.argv else None
        Supervisor(plan(Path(sys.argv[1]), int(sys.argv[2]), trouble), parent=parent).run()
    except DemoError as error:
        sys.exit(str(error))
