"""The certificates that HTTPS servers are checked against."""

import os
import ssl

import httpx

from eval_harness.errors import SettingsError

_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def make_ssl_context() -> ssl.SSLContext:
    """The context for HTTPS, with the certificates of SSL_CERT_FILE or SSL_CERT_DIR, or the usual ones.

    Raises SettingsError where those cannot be read.
    """
    try:
        return httpx.create_ssl_context()
    except OSError as error:  # ssl.SSLError is one
        named = [f"{name}={os.environ[name]!r}" for name in _VARIABLES if os.environ.get(name)]
        chosen = named[0] if named else "HTTPS"
        raise SettingsError(
            f"{chosen}: no certificates can be read there ({error.strerror or error}); correct or unset it"
        ) from None
