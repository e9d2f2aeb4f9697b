"""Which hosts are this machine, which no proxy is asked for, and which proxy is taken for the others."""

import socket

import httpx
import pytest

from eval_harness.endpoint.connections.proxies import find_proxy, is_this_machine
from eval_harness.errors import SettingsError

OWN = socket.gethostname()


def own_address() -> str:
    """An address of an interface of this machine, or the loopback where there is no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outward:
        try:
            outward.connect(("192.0.2.1", 9))  # documentation's; a datagram socket sends nothing by this
        except OSError:
            return "127.0.0.1"
        name: str = outward.getsockname()[0]
        return name


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST", "localhost.", "api.localhost", "localhost.localdomain", "ip6-localhost"),
        *("127.0.0.1", "127.1", "127.255.0.9", "0x7f000001", "2130706433", "0.0.0.0", "0"),
        *("::1", "[::1]", "::", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:0.0.0.0"),
        *(OWN, OWN.upper(), f"{OWN}.", f"{OWN.partition('.')[0]}.local", socket.getfqdn()),
        own_address(),
        f"::ffff:{own_address()}",
    ],
)
def test_this_machine_by_any_of_its_names(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_this_machine(host)
    monkeypatch.setenv("http_proxy", "http://proxy.invalid:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    written = f"[{host}]" if ":" in host and "[" not in host else host
    assert find_proxy(httpx.URL(f"http://{written}:8000/v1")) is None


@pytest.mark.parametrize(
    "host",
    [
        *("example.com", "localhost.example.com", "notlocalhost", "128.0.0.1", "1.1.1.1", "192.0.2.7"),
        *(
            "::2",
            "2001:db8::1",
            "::ffff:192.0.2.7",
            f"{OWN}x",
            f"x{OWN}",
            f"{OWN}.example.com",
            "127.0.0.1.nip.io",
        ),
    ],
)
def test_other_machines_are_not(host: str) -> None:
    assert not is_this_machine(host)


def test_no_name_is_looked_up_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("looked up")

    for name in ("getaddrinfo", "gethostbyname", "gethostbyaddr", "getfqdn"):
        monkeypatch.setattr(socket, name, never)
    assert is_this_machine("localhost.")
    assert is_this_machine("::ffff:127.0.0.1")
    assert not is_this_machine("model.example.com")


@pytest.mark.parametrize(
    ("variables", "url", "words"),
    [
        (
            {"http_proxy": "http://user:secret@p.example:3128"},
            "http://far/v1",
            "p.example:3128 of HTTP_PROXY",
        ),
        ({"https_proxy": "p.example:3128"}, "https://far/v1", "p.example:3128 of HTTPS_PROXY"),
        ({"all_proxy": "http://p.example"}, "https://far/v1", "p.example of ALL_PROXY"),
        ({"http_proxy": "http://p.example:1"}, "https://far/v1", None),
        ({"http_proxy": "http://p.example:1", "no_proxy": "far"}, "http://far/v1", None),
    ],
)
def test_a_proxy_is_named_without_its_password(
    variables: dict[str, str], url: str, words: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    found = find_proxy(httpx.URL(url))
    assert (found and found.words) == (words and f"the proxy {words}")


def test_an_address_that_is_none_is_refused_without_showing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://user:secret@:bad:")
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(SettingsError, match=r"HTTP_PROXY \(hidden\)") as refused:
        find_proxy(httpx.URL("http://far/v1"))
    assert "secret" not in str(refused.value)
