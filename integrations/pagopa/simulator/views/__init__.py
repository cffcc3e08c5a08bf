"""The faces of the Node's host: what machines call, and the pages for people."""
