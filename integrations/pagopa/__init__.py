"""pagoPA, the national payment node: what it asks of our station, and what we ask of its services.

`types` are the words; `soap` reads the node's questions and writes our answers; `port` is what a gateway can do for
the ledger, whoever answers. Nothing here decides whether a debt may be paid: `billing` does.
"""
