"""What answers that are no replies mean, and how long they ask to wait."""

import re
from pathlib import Path
from typing import get_args

import httpx
import pytest

from eval_harness.endpoint.faults import Kind, inner_fault, requested_wait, status_fault

NO_HEADERS = httpx.Headers()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *[(status, "retry") for status in (408, 409, 425, 500, 501, 502, 503, 504, 507, *range(520, 530))],
        (429, "limited"),
        *[(status, "stop") for status in (301, 302, 303, 307, 308, 401, 402, 403)],
        (404, "missing"),
        (413, "too_long"),
        *[(status, "rejected") for status in (400, 405, 410, 415, 418, 422, 451)],
    ],
)
def test_each_status_means_one_thing(status: int, kind: Kind) -> None:
    assert status_fault(status, NO_HEADERS, "words").kind == kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"code": 429}, "limited"),
        ({"code": "429"}, "limited"),
        ({"code": "rate_limit_exceeded"}, "limited"),
        ({"code": 502, "message": "upstream"}, "retry"),
        ({"code": 401}, "stop"),
        ({"code": 402}, "stop"),
        ({"code": 404}, "missing"),
        ({"code": 400}, "rejected"),
        ({"code": "context_length_exceeded"}, "too_long"),
        ({"type": "exceed_context_size_error", "code": 400}, "too_long"),
        ({"code": 500, "message": "This model's maximum context length is 4096 tokens."}, "too_long"),
        ({"code": None, "type": "invalid_request_error"}, "rejected"),
        ({"code": "insufficient_quota"}, "stop"),
        ({"type": "insufficient_quota", "code": 429}, "stop"),
        ({"code": 200}, "retry"),
        ({"code": True}, "retry"),
        ({"code": "overloaded"}, "retry"),
        ({"code": ["odd"], "type": {}}, "retry"),
        ({"message": "no code"}, "retry"),
        ("just words", "retry"),
        (["odd"], "retry"),
    ],
)
def test_an_error_inside_a_200_means_what_its_code_says(error: object, kind: Kind) -> None:
    assert inner_fault(error, NO_HEADERS).kind == kind


@pytest.mark.parametrize("status", [400, 403, 429, 503])
def test_a_spent_quota_stops_whatever_the_status(status: int) -> None:
    fault = status_fault(status, NO_HEADERS, '{"error": {"message": "pay", "code": "insufficient_quota"}}')
    assert (fault.kind, fault.text) == ("stop", f"HTTP {status}: pay (check the account's credit)")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{"error": {"message": "a"}}', "a"),
        ('{"error": "a"}', "a"),
        ('{"message": "a", "code": 400}', "a"),
        ('{"detail": "a"}', "a"),
        ('{"detail": [{"loc": ["model"]}]}', '[{"loc": ["model"]}]'),
        ('{"error": {"code": 7}}', '{"error": {"code": 7}}'),
        ("<html>a</html>", "a web page: a"),
        ("[1]", "[1]"),
        ("", "(empty body)"),
    ],
)
def test_the_servers_own_words_are_found(body: str, words: str) -> None:
    assert status_fault(500, NO_HEADERS, body).text == f"HTTP 500: {words}"


@pytest.mark.parametrize(
    ("status", "blames"),
    [
        *[(status, True) for status in (502, 503, 504, *range(520, 531))],
        *[(status, False) for status in (400, 401, 404, 408, 409, 413, 425, 429, 500, 501, 507)],
    ],
)
def test_a_gateway_that_reaches_nothing_blames_the_server_and_no_sample(status: int, blames: bool) -> None:
    assert status_fault(status, NO_HEADERS, "words").blames_server is blames
    assert inner_fault({"code": status}, NO_HEADERS).blames_server is blames


@pytest.mark.parametrize("status", [400, 405, 422])
def test_a_page_in_place_of_an_error_of_the_api_stops_before_any_success(status: int) -> None:
    fault = status_fault(status, NO_HEADERS, "<html><title>Plain HTTP sent to HTTPS port</title></html>")
    assert fault.kind == "missing"
    assert fault.text == f"HTTP {status}: a web page: Plain HTTP sent to HTTPS port"


def test_a_redirect_names_its_target() -> None:
    fault = status_fault(308, httpx.Headers({"Location": "https://host/v2"}), "")
    assert "https://host/v2" in fault.text


NOON = "Wed, 25 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"Retry-After": "7"}, 7),
        ({"retry-after": " 7.5 "}, 7.5),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "7"}, 7),
        ({"retry-after": "Wed, 25 Nov 2026 12:00:30 GMT", "date": NOON}, 30),
        ({"retry-after": "Wed, 25 Nov 2026 12:00:30 -0000", "date": NOON}, 30),
        ({"retry-after": "Wed, 25 Nov 2026 11:00:00 GMT", "date": NOON}, 0),
        ({"retry-after": "Wed, 25 Nov 1970 11:00:00 GMT"}, 0),
        ({"retry-after": "-3"}, 0),
        ({"retry-after": "inf"}, 0),
        ({"retry-after": "nan"}, 0),
        ({"retry-after": "1e999"}, 0),
        ({"retry-after": "next week"}, 0),
        ({"retry-after": "Wed, 99 Nov 2026 12:00:00 GMT"}, 0),
        ({"retry-after": "Mon, 01 Jan 99999 00:00:00 GMT"}, 0),
    ],
)
def test_the_wait_asked_for_is_read_in_every_form(headers: dict[str, str], seconds: float) -> None:
    assert requested_wait(httpx.Headers(headers)) == seconds


PAGE = (Path(__file__).parents[2] / "docs" / "endpoints.md").read_text("utf-8")


def test_the_published_table_of_faults_is_the_real_one() -> None:
    said: dict[str, Kind] = {
        "tried again": "retry",
        "everyone pauses": "limited",
        "the run stops with": "stop",
        "the run stops, unless": "missing",
        "final for the sample; three": "rejected",
        "too long for the server": "too_long",
    }
    seen = set()
    for answers, meaning in re.findall(r"^\| (.*\b[2-5]\d\d\b.*?) \| (.*)$", PAGE, re.MULTILINE):
        if "200" in answers:
            continue
        (kind,) = (kind for words, kind in said.items() if meaning.startswith(words))
        for status in re.findall(r"\b\d{3}\b", answers):
            assert status_fault(int(status), NO_HEADERS, "").kind == kind, status
            seen.add(kind)
    # Only a reply that never ends is final without a status that says so.
    assert seen == set(get_args(Kind)) - {"final"}
