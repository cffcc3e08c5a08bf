"""How the Comuni of the demo look: invented contacts and links, so that every footer is whole."""

from typing import Final

from tenants.branding import Branding, set_branding
from tenants.models import Municipality

COLOURS: Final = {"A662": "#0066cc", "A893": "#00664f", "L109": "#8a3b12"}


def dress(municipality: Municipality) -> None:
    """Sets contacts, links and colour, unless somebody has set them."""
    if municipality.contacts_email:
        return
    site = f"https://www.comune.{municipality.slug}.example"
    set_branding(
        municipality=municipality,
        branding=Branding(
            colour=COLOURS.get(municipality.belfiore_code, municipality.colour),
            contacts_email=f"scuola@comune.{municipality.slug}.example",
            contacts_phone="080 000 0000",
            contacts_address="Palazzo di città",
            privacy_url=f"{site}/privacy",
            legal_notes_url=f"{site}/note-legali",
            accessibility_declaration_url=f"{site}/accessibilita",
            footer_links=(("Sito del Comune", site),),
            eu_funded=False,
        ),
    )
