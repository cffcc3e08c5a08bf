"""The pagoPA Node as the demonstration has it, on its own host: checkout, Node, GPD and ACA, flows, BackOffice (P39).

A second implementation: it shares no reader, writer or type with the connector, speaks SOAP by another library and
holds every answer of ours against a contract of its own, so that the two check each other. Tests of other rooms call
`paying.pay` and `flows.make_flow`. Never with production settings: `fence`.
"""
