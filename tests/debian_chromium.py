"""Where the browser of the system is, and how it is started."""

import os
import shutil
from typing import Final

FOREIGN: Final = "idp.altrove.example"
"""A host of another site, which the tests' browser finds on this machine."""
ARGUMENTS: Final = (
    *("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-proxy-server"),
    f"--host-resolver-rules=MAP {FOREIGN} 127.0.0.1",
)
WITHOUT: Final = "no Chromium on this machine: apt-get install chromium, or name it in CHROMIUM"


def chromium_path() -> str | None:
    """The browser of the system, or the one that CHROMIUM names."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)
