"""Which proxy, if any, stands between this machine and an endpoint."""

import ipaddress
import socket
import urllib.request
from dataclasses import dataclass
from typing import Final

import httpx

from eval_harness.errors import SettingsError

_LOOPBACK_NAMES: Final = frozenset(
    ("localhost", "localhost.localdomain", "localhost6", "ip6-localhost", "ip6-loopback")
)


@dataclass(frozen=True, slots=True)
class NamedProxy:
    """A proxy and the words for it: where it is and which variable names it, without its password."""

    proxy: httpx.Proxy
    words: str


def find_proxy(url: httpx.URL) -> NamedProxy | None:
    """The proxy that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY ask for; none to this machine itself.

    Raises SettingsError where the address is none, or of a kind that is not supported.
    """
    named = urllib.request.getproxies()
    scheme = url.scheme if named.get(url.scheme) else "all"
    address = named.get(scheme)
    if not address or urllib.request.proxy_bypass(url.host) or is_this_machine(url.host):
        return None
    variable = f"{scheme.upper()}_PROXY"
    try:
        proxy = httpx.Proxy(address if "://" in address else f"http://{address}")
    except (ValueError, httpx.InvalidURL):
        raise SettingsError(f"{variable} (hidden): must be http(s)://HOST:PORT") from None
    if proxy.url.scheme not in ("http", "https"):
        raise SettingsError(f"{variable}: {proxy.url.scheme} proxies are not supported; use http")
    return NamedProxy(proxy, f"the proxy {proxy.url.netloc.decode('ascii')} of {variable}")


def is_this_machine(host: str) -> bool:
    """Whether `host` is this machine by one of its names or addresses; no name is looked up for it.

    A proxy would look for the host on its own side, where `localhost` or 0.0.0.0 is the proxy itself.
    """
    name = host.strip("[]").rstrip(".").lower()
    if name in _LOOPBACK_NAMES or name.endswith(".localhost"):  # RFC 6761
        return True
    address = _address(name)
    if address is not None:
        return address.is_loopback or address.is_unspecified or _is_own(address)
    own = socket.gethostname().rstrip(".").lower()
    short = own.partition(".")[0]
    if name in (own, short, f"{short}.local"):
        return True
    # The full name may cost a look-up of our own, so it is asked for only where it can be the one.
    return name.partition(".")[0] == short and name == socket.getfqdn().rstrip(".").lower()


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that `name` spells, also as 127.1, 0x7f000001 or ::ffff:127.0.0.1; None for a name."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(name))
        except OSError:
            return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _is_own(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an interface has it: only then may a socket be bound to it. Nothing is sent."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True
