"""One parent for the whole demo: servers, set-up, web, worker and beat.

Guarantees: stops all within ten seconds on SIGTERM, SIGHUP or Ctrl-C and leaves neither process nor lock; killed
outright, the system ends its children; an interrupted set-up goes on at the next start.
"""

import http.client
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from sportello.demo.children import Child
from sportello.demo.embedded import EmbeddedServer, start_postgres, start_valkey
from sportello.demo.errors import StepFailed
from sportello.demo.parent import Parent
from sportello.demo.plan import Plan
from sportello.demo.ports import require_free
from sportello.demo.processes import spawn, stop, tail
from sportello.demo.programs import Program
from sportello.demo.steps import Step, fingerprint, is_done, mark_done
from sportello.demo.welcome import welcome

TICK_SECONDS = 0.1
PROGRAMS_END_WITHIN = 5.0
SERVERS_END_WITHIN = 3.0
STEP_ENDS_WITHIN = 3.0
WEB_TIMEOUT = 5.0


def say(sentence: str) -> None:
    """Show a line; a console that is gone does not keep us from stopping in order."""
    try:
        sys.stdout.write(f"{sentence}\n")
        sys.stdout.flush()
    except OSError:
        return


@dataclass(slots=True)
class Supervisor:
    """Runs a plan until it is told to stop."""

    plan: Plan
    parent: Parent | None = None
    signalled: bool = False
    servers: list[Child] = field(default_factory=list)
    programs: list[Child] = field(default_factory=list)

    def run(self) -> None:
        """Run until a signal asks to stop. Raises DemoError; everything is stopped in any case."""
        plan = self.plan
        plan.state.prepare()
        with plan.state.owned(port=plan.port):
            require_free(plan.port, host=plan.bind, advice=f"Stop it, or run: make demo PORT={plan.port + 1}")
            self._listen_to_signals()
            try:
                settings = self._start_servers()
                environment = plan.environment(settings)
                if self._set_up(environment) and self._start_programs(environment):
                    say(welcome(plan.state, port=plan.port))
                    self._watch()
            finally:
                self._stop_all()

    @property
    def must_stop(self) -> bool:
        """Whether somebody asked us to stop."""
        return self.signalled or (self.parent is not None and self.parent.was_interrupted())

    def _listen_to_signals(self) -> None:
        def request(_signal: int, _frame: FrameType | None) -> None:
            self.signalled = True

        for caught in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(caught, request)

    def _start_servers(self) -> dict[str, str]:
        """Start PostgreSQL and Valkey, unless given, and return the settings of all that follows."""
        state, usage = self.plan.state, self.plan.usage
        began = time.monotonic()
        servers = state.servers

        def postgres(port: int | None) -> EmbeddedServer:
            return start_postgres(servers / "postgres", log=state.log("postgres"), port=port, usage=usage)

        def valkey(port: int | None) -> EmbeddedServer:
            return start_valkey(servers / "valkey", log=state.log("valkey"), port=port, usage=usage)

        database = self._keep("postgres", postgres)
        queue = self._keep("valkey", valkey)
        say(f"PostgreSQL and Valkey answer ({time.monotonic() - began:.1f} s)")
        settings = self.plan.settings(database=database.url, valkey=queue.url)
        state.write_environment(settings)
        return settings

    def _keep(self, name: str, start: Callable[[int | None], EmbeddedServer]) -> EmbeddedServer:
        """Start a server and keep it running, on the port it got; one that was given is not ours to keep."""
        server = start(None)
        if server.process is not None:
            child = Child(
                name=name,
                start_process=lambda: start(server.port).own_process,
                log=self.plan.state.log(name),
                polite=server.polite,
                firm=server.firm,
            )
            child.adopt(server.own_process)
            self.servers.append(child)
        return server

    def _set_up(self, environment: Mapping[str, str]) -> bool:
        """Run the steps that are not done; False when asked to stop meanwhile. Raises StepFailed."""
        plan = self.plan
        database = plan.outside.get("DATABASE_URL", "")
        for number, step in enumerate(plan.steps, start=1):
            wanted = fingerprint(step, project=plan.project, database=database)
            if is_done(step, state=plan.state, wanted=wanted):
                continue
            if self.must_stop:
                return False
            say(f"[{number}/{len(plan.steps)}] {step.title} ...")
            began = time.monotonic()
            if not self._run_step(step, environment):
                return False
            mark_done(step, state=plan.state, wanted=wanted)
            say(f"      done ({time.monotonic() - began:.1f} s)")
        return not self.must_stop

    def _run_step(self, step: Step, environment: Mapping[str, str]) -> bool:
        """Run one step, showing its lines; False when asked to stop meanwhile. Raises StepFailed."""
        log = self.plan.state.log(step.name)
        shown = log.stat().st_size if log.exists() else 0
        began = shown
        process = spawn(step.command, log=log, env=environment, cwd=self.plan.project)
        try:
            while process.poll() is None and not self.must_stop:
                time.sleep(TICK_SECONDS)
                shown = show_new_lines(log, after=shown)
        finally:
            stop(process, polite=signal.SIGTERM, seconds=STEP_ENDS_WITHIN)
        if self.must_stop:
            return False
        show_new_lines(log, after=shown)
        if process.returncode != 0:
            raise StepFailed(title=step.title, words=tail(log, after=began), log=log)
        return True

    def _start_programs(self, environment: Mapping[str, str]) -> bool:
        """Start the programs and wait for the first answer of the web; False when asked to stop meanwhile."""
        for program in self.plan.programs:
            child = Child(
                name=program.name,
                start_process=self._starter(program, environment),
                log=self.plan.state.log(program.name),
            )
            self.programs.append(child)
            child.start()
        say("Starting " + ", ".join(program.name for program in self.plan.programs) + " ...")
        while not self.must_stop and not self._web_answers():
            self._watch_once()
        return not self.must_stop

    def _starter(self, program: Program, environment: Mapping[str, str]) -> Callable[[], subprocess.Popen[bytes]]:
        plan = self.plan
        command = program.filled(state=plan.state.folder, bind=plan.bind, port=plan.port)

        def start() -> subprocess.Popen[bytes]:
            return spawn(
                command,
                log=plan.state.log(program.name),
                env=environment,
                cwd=plan.project,
                orphan_signal=program.orphan_signal,
            )

        return start

    def _web_answers(self) -> bool:
        """Tell whether something speaks HTTP on our port; what it says is not our business."""
        host = "127.0.0.1" if self.plan.bind == "0.0.0.0" else self.plan.bind  # noqa: S104 compared, not bound
        connection = http.client.HTTPConnection(host, self.plan.port, timeout=WEB_TIMEOUT)
        try:
            connection.request("GET", "/healthz", headers={"Host": f"centrale.localhost:{self.plan.port}"})
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        else:
            return True
        finally:
            connection.close()

    def _watch(self) -> None:
        while not self.must_stop:
            self._watch_once()

    def _watch_once(self) -> None:
        """Look at each child once. Raises GaveUp."""
        for child in [*self.servers, *self.programs]:
            child.watch(say)
        time.sleep(TICK_SECONDS)

    def _stop_all(self) -> None:
        """Stop the programs, then the servers they use, each group at once and within its time."""
        if self.programs or self.servers:
            say("Stopping ...")
        for group, seconds in ((self.programs, PROGRAMS_END_WITHIN), (self.servers, SERVERS_END_WITHIN)):
            deadline = time.monotonic() + seconds
            for child in group:
                child.ask_to_stop()
            for child in group:
                child.finish(deadline=deadline)
        self.plan.state.environment_file.unlink(missing_ok=True)
        if self.programs or self.servers:
            say("Stopped: no process is left.")


def show_new_lines(log: Path, *, after: int) -> int:
    """Show the whole lines written beyond byte ``after``; return where the next ones begin."""
    with log.open("rb") as content:
        content.seek(after)
        whole, newline, _ = content.read().rpartition(b"\n")
    for line in whole.decode(errors="replace").splitlines():
        say(f"      {line}")
    return after + len(whole) + len(newline)
