"""spid-sp-test, the public conformance suite, run as a command against the running product.

It plays browser and provider; its fake provider gets a key of ours, because its own certificate has expired.
"""

import json
import os
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from integrations.spid_cie.certificates import Pair, bare, make_pair
from integrations.spid_cie.models import Environment, IdentityProvider
from sportello.kernel import clock

ROOT: Final = Path(__file__).resolve().parents[2]
TOOL: Final = ROOT / ".tools" / "conformance" / "bin" / "spid_sp_test"
RESOLVER: Final = Path(__file__).with_name("resolver")


def why_not() -> str:
    """Why the suite cannot run here; empty when it can."""
    if not TOOL.exists():
        return "spid-sp-test is not installed: make test installs it in .tools/conformance (it needs PyPI)"
    if shutil.which("xmlsec1") is None:
        return "xmlsec1 is not installed: apt-get install xmlsec1"
    return ""


@dataclass(frozen=True, slots=True)
class FakeProvider:
    """The tool's provider of a scheme, known to our registry."""

    entity_id: str
    folder: Path

    @classmethod
    def register(cls, scheme: str, folder: Path) -> "FakeProvider":
        """Makes its key and writes it into the registry of the product that is being tested."""
        entity_id = f"https://{scheme}.localhost:8443"
        pair: Pair = make_pair(
            entity_id=entity_id, organization="spid-sp-test", ipa_code="test", city="Bari", now=clock.instant()
        )
        folder.mkdir(parents=True)
        (folder / "private.key").write_bytes(pair.key)
        (folder / "public.cert").write_text(pair.certificate)
        facts = {
            "scheme": scheme,
            "name": "spid-sp-test",
            "sso_url": f"{entity_id}/samlsso",
            "slo_url": f"{entity_id}/samlsso",
            "certificates": [bare(pair.certificate)],
            "environment": Environment.VALIDATION,
        }
        IdentityProvider.objects.update_or_create(entity_id=entity_id, defaults=facts)
        return cls(entity_id, folder)

    def environment(self) -> dict[str, str]:
        """What the tool reads of it."""
        return {"IDP_ENTITYID": self.entity_id, "IDP_CERT_PATH": str(self.folder)}


@dataclass(frozen=True, slots=True)
class Report:
    """What the suite said: how many checks it executed, and those that failed."""

    executed: int
    failed: list[str]
    by_part: dict[str, int]


def run(
    profile: str, *, metadata: str, report: Path, login: str = "", provider: FakeProvider | None = None, extra: bool
) -> Report:
    """Runs one profile; without `login` the metadata alone."""
    command = [str(TOOL), "--metadata-url", metadata, "-pr", profile, "-d", "ERROR", "-rf", "json", "-o", str(report)]
    command += ["--extra"] if extra else []
    command += ["--authn-url", login, "-tr"] if login else []
    environment = {**os.environ, "PYTHONPATH": str(RESOLVER), **(provider.environment() if provider else {})}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert report.exists(), done.stdout[-3000:] + done.stderr[-3000:]
    return _read(json.loads(report.read_text()))


def _read(told: dict[str, Any]) -> Report:
    counted: Counter[str] = Counter()
    failed: list[str] = []
    for part, sections in told["test"].items():
        for section in sections.values():
            for methods in section.values():
                checks = methods if isinstance(methods, list) else [one for many in methods.values() for one in many]
                counted[part] += len(checks)
                failed += [str(check.get("test")) for check in checks if check["result"] != "success"]
    return Report(sum(counted.values()), failed, dict(counted))
