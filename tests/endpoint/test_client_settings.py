"""Client settings are checked where they come in, and never show a secret."""

from typing import Any

import pytest
from pydantic import SecretStr

from eval_harness.endpoint.settings import ClientSettings
from eval_harness.errors import SettingsError

URL = "http://localhost:8000/v1"
KEY = SecretStr("sk-planted-0123456789")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"base_url": "localhost:8000"}, "base_url='localhost:8000': must be http"),
        ({"base_url": "ftp://host/v1"}, "base_url='ftp://host/v1': must be http"),
        ({"base_url": "http://host:0/v1"}, "base_url='http://host:0/v1': must be http"),
        ({"base_url": "http://host:99999/v1"}, "base_url='http://host:99999/v1': must be http"),
        ({"base_url": f"{URL}?key=1"}, "with no query"),
        ({"base_url": f"{URL}/chat/completions"}, "must end before /chat/completions"),
        ({"base_url": None}, "base_url=None: must be http"),
        ({"endpoint": "responses"}, "endpoint='responses': must be one of chat, completions"),
        ({"max_concurrent": 0}, "max_concurrent=0: must be a whole number from 1 to 4,096"),
        ({"max_concurrent": True}, "max_concurrent=True: must be a whole number"),
        ({"max_retries": 1.5}, "max_retries=1.5: must be a whole number from 0 to 100"),
        ({"requests_per_minute": -1}, "requests_per_minute=-1: must be a number from 0.0"),
        ({"timeout": float("nan")}, "timeout=nan: must be a number"),
        ({"timeout": "120"}, "timeout='120': must be a number"),
        ({"timeout": None}, "timeout=None: must be a number"),
        ({"headers": {"a b": SecretStr("x")}}, "'a b' is not a header name"),
        ({"headers": {"Content-Length": SecretStr("1")}}, "Content-Length is set by the client"),
        ({"api_key": KEY, "headers": {"authorization": KEY}}, "Authorization is given twice"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value_and_what_is_allowed(
    changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        ClientSettings(**{"base_url": URL, **changed})
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "changed",
    [
        {"api_key": SecretStr("planted secret\n")},
        {"api_key": SecretStr("")},
        {"headers": {"X-Key": SecretStr("planted\r\nX-Evil: 1")}},
        {"base_url": "http://user:planted@host/v1"},
    ],
)
def test_a_wrong_secret_is_refused_without_being_shown(changed: dict[str, Any]) -> None:
    with pytest.raises(SettingsError) as caught:
        ClientSettings(**{"base_url": URL, **changed})
    assert "planted" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_secrets_do_not_appear_in_the_repr() -> None:
    settings = ClientSettings(base_url=URL, api_key=KEY, headers={"X-Key": SecretStr("planted-header")})
    assert "planted" not in repr(settings)
    assert set(settings.secrets()) == {KEY.get_secret_value(), "planted-header"}


def test_the_url_is_the_base_and_the_endpoint() -> None:
    assert ClientSettings(base_url=f"{URL}/").url == f"{URL}/chat/completions"
    assert ClientSettings(base_url=URL, endpoint="completions").url == f"{URL}/completions"
