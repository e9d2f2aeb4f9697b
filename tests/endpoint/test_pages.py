"""The first words of answers that are no API's."""

import pytest

from eval_harness.endpoint.answers.pages import first_words, is_page


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<!DOCTYPE html><html><head><title>Welcome to\n nginx!</title></head></html>", "Welcome to nginx!"),
        ("\n<HTML><body><h1>502 Bad Gateway</h1>cloudflare</body></HTML>", "502 Bad Gateway cloudflare"),
        ("<html><script>var a = '<b>';</script><style>b {}</style><p>A &amp; B</p>", "A & B"),
        ("<!-- a comment --><html><title> </title>text</html>", "text"),
        ("plain\r\n words", "plain words"),
        ('{"message": "hello"}', '{"message": "hello"}'),
        ("x" * 999, "x" * 160 + " […]"),
        ("", ""),
    ],
)
def test_a_title_else_the_text_else_the_beginning(body: str, words: str) -> None:
    assert first_words(body) == words


@pytest.mark.parametrize("body", ["", "{}", "html", "<p>", "I say <html>", "<htmlx>", "<!doctype xml>"])
def test_what_is_no_page(body: str) -> None:
    assert not is_page(body)


def test_a_body_of_megabytes_takes_no_time() -> None:
    assert is_page("<html>" + "<!--" * 2_000_000)
    assert len(first_words("<html><script>" + "<" * 8_000_000)) < 200
