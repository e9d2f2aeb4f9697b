"""Connections to one endpoint: sockets, proxies, certificates, and the pool over them."""
