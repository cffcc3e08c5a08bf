"""Install spid-sp-test, the public conformance suite of SPID and CIE, in .tools/conformance.

An environment of its own, because it wants older packages than ours. The second run with the same list does nothing;
a failure is one line: the tests that need it will be skipped.
"""

import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bootstrap import ENVIRONMENT, TOOLS, uv_environment
from index import DEFAULT_INDEX, configured_index

LOCKED = Path(__file__).with_name("conformance.txt")
PLACE = TOOLS / "conformance"
STAMP = PLACE / ".ready"
LOG = TOOLS / "conformance.log"


def main() -> None:
    """Make it ready, or say in one line why not."""
    wanted = f"{PLACE}\n{LOCKED.read_text()}"
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return
    sys.stderr.write("setup: installing the conformance suite of SPID and CIE\n")
    if install(configured_index() or DEFAULT_INDEX):
        STAMP.write_text(wanted)
        return
    last = (LOG.read_text(errors="replace").strip().splitlines() or ["no reason given"])[-1]
    sys.stderr.write(f"The conformance tests will be skipped: spid-sp-test could not be installed ({last}).\n")


def install(index: str) -> bool:
    """Tell whether the locked packages could be installed from this index."""
    known = TOOLS / "uv" / "bin" / "uv"
    uv = str(known) if known.exists() else shutil.which("uv") or "uv"
    python = str(ENVIRONMENT / "bin" / "python")
    inside = str(PLACE / "bin" / "python")
    source = ["--require-hashes", "--default-index", index, "--python", inside]
    commands = [
        [uv, "venv", "--quiet", "--allow-existing", "--python", python, str(PLACE)],
        [uv, "pip", "sync", "--quiet", *source, str(LOCKED)],
    ]
    with LOG.open("w") as log:
        for command in commands:
            done = subprocess.run(
                command, env=uv_environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False
            )
            if done.returncode != 0:
                return False
    return True


if __name__ == "__main__":
    main()
