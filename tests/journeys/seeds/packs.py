"""The schools, the calendar and the editions that the three Comuni decided, in force."""

from services_catalog.packs import load_pack
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.municipal_packs import pack_of

ORDER = 10
BELFIORE_CODES = ("A662", "A893", "L109")


def seed() -> None:
    for code in BELFIORE_CODES:
        pack = pack_of(code)
        with in_schema(pack.facts.schema_name):
            load_pack(pack=pack, in_force=True, actor=None, now=clock.now())
