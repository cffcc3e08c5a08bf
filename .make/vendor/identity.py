"""Copy the official marks of SPID and CIE into static/vendor/identity: the second half of ``make vendor``.

They come from the package that the Italian digital team publishes on PyPI (Apache-2.0); the marks stay trademarks of
their owners, used for what they are for: the button of a service where one enters with them.
"""

import shutil
import sys
from hashlib import sha256
from importlib.metadata import PathDistribution
from pathlib import Path

PACKAGE = "spid_cie_oidc"
OUT = Path(__file__).resolve().parents[2] / "static" / "vendor" / "identity"
MARKS = {"spid-ico-circle-bb.svg": "spid.svg", "cie-ico-circle-bb.svg": "cie.svg"}


def main(installed: Path) -> None:
    """Take the marks from the folder where the package was installed without what it depends on."""
    info = next(installed.glob(f"{PACKAGE}-*.dist-info"))
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    for theirs, ours in MARKS.items():
        shutil.copyfile(installed / PACKAGE / "relying_party" / "static" / "svg" / theirs, OUT / ours)
    shutil.copyfile(info / "licenses" / "LICENSE", OUT / "LICENSE")
    (OUT / "VERSION").write_text(f"{PACKAGE} {PathDistribution(info).version}\n")
    sums = (f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(OUT.iterdir()))
    (OUT / "SHA256SUMS").write_text("".join(sums))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
