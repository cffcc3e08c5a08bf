"""A tax office that invents: a web server on this machine that speaks the protocol of the web-service adapter."""
