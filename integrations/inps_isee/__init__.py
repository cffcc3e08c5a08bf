"""ISEE attestations from INPS: the SOAP service ConsultazioneISEE, reached through PDND or played by a simulator.

Rooms call `asking.consult`; what comes back is in `types`, what may go wrong in `errors`.
"""
