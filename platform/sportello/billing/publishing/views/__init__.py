"""The office looks at what pagoPA was told."""
