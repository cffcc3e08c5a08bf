"""A SAML message as people read it."""

from lxml import etree


def printed(message: bytes) -> str:
    """The message indented, one element a line; as it came when it is no XML, or has a DTD.

    For eyes only: what was signed are the bytes, not this.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=True)
    try:
        root = etree.fromstring(message, parser)
    except etree.XMLSyntaxError:
        return message.decode(errors="replace")
    if root.getroottree().docinfo.internalDTD is not None:
        return message.decode(errors="replace")
    return etree.tostring(root, pretty_print=True, encoding="unicode").strip()
