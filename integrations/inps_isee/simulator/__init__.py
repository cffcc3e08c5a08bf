"""A stand-in for INPS: reads our SOAP with code of its own and answers real SOAP about invented people."""
