"""The SOAP station (P15, P16): reading what the node asks, writing what we answer. Pure: bytes in, bytes out."""
