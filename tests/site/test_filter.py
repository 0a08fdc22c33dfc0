"""Test that the filter finds names as they are written in programs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from report.site.publish import write_site
from tests.support import world
from tests.support.browser import Watched, address, at, go

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filter") / "site"
    write_site(world.mini(), folder)
    return folder


@contextmanager
def filtered(browser: Browser, site: Path, typed: str, path: str = "index.html") -> Iterator[Page]:
    """Yield a page whose filter has a text, and close it."""
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, site, path)
        seen.page.locator("#filter").fill(typed)
        yield seen.page


@pytest.mark.parametrize(
    ("typed", "path", "count"),
    [
        ("tf.keras.layers.Dense()", "index.html", 1),
        ("tf.keras.layers.Dense(10,", "index.html", 1),
        ("tensorflow.keras.layers.Dense", "index.html", 1),
        ("tf.keras.initializers.TruncatedNormal(stddev=0.1)", "initializers.html", 1),
        ("tf.keras.initializers.TruncatedNormal(stddev=0.7)", "initializers.html", 1),
        ("(stddev=0.7)", "initializers.html", 0),
        ("tf.nothing()", "index.html", 0),
        ("model.add(tf.keras.layers.Dense(10, input_shape=(4,)))", "index.html", 1),
        ("keras.layers.Dense(10", "index.html", 1),
        ("Which kernel does Dense start with?", "index.html", 2),
        ("Is it a question about tf.layers.dense or ense?", "index.html", 1),
        ("Is it a question about ense and layers?", "index.html", 0),
        ("a = TruncatedNormal(stddev=0.7)", "initializers.html", 1),
    ],
)
def test_a_call_or_a_question_finds_the_symbols_that_it_names(
    browser: Browser, site: Path, typed: str, path: str, count: int
) -> None:
    with filtered(browser, site, typed, path) as page:
        expect(page.locator(".matrix > tbody:visible")).to_have_count(count)


@pytest.mark.parametrize("path", ["index.html", "initializers.html"])
def test_the_words_that_are_suggested_find_something(
    browser: Browser, site: Path, path: str
) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, site, path)
        box = seen.page.locator("#filter")
        for word in (box.get_attribute("placeholder") or "").rstrip("…").split(", "):
            box.fill(word)
            expect(seen.page.locator(".matrix > tbody:visible")).not_to_have_count(0)
            expect(seen.page.locator("#other")).to_be_hidden()


def test_what_is_not_among_the_layers_is_looked_for_among_the_initializers(
    browser: Browser, site: Path
) -> None:
    with filtered(browser, site, "truncatednormal") as page:
        page.locator("#other").click()
        expect(page.locator(".matrix > tbody:visible")).to_have_count(1)
        expect(page.locator("#filter")).to_have_value("truncatednormal")


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        ("setting truncated_normal(stddev=0.1) gave NaN, why?", ["nan-with-truncated-normal"]),
        ("are my weights the same with my seed?", ["same-weights-after-upgrade"]),
        ("NaN", ["nan-with-truncated-normal"]),
        ("what is GRU to NaN", []),
        ("?", []),
    ],
)
def test_a_question_in_other_words_finds_the_one_that_is_answered(
    browser: Browser, sites: Path, typed: str, answers: list[str]
) -> None:
    with filtered(browser, sites / "mini", typed) as page:
        links = page.locator('#found a[href^="answer/"]').evaluate_all(
            "links => links.map((link) => link.getAttribute('href'))"
        )
        assert links == [f"answer/{name}.html" for name in answers]


@pytest.mark.parametrize("typed", ["GPU", "arm", "processor"])
def test_a_word_about_a_machine_finds_the_page_on_other_machines(
    browser: Browser, sites: Path, typed: str
) -> None:
    with filtered(browser, sites / "mini", typed) as page:
        expect(page.locator('#found a[href="machines.html"]')).to_be_visible()


@pytest.mark.parametrize("typed", ["1.1", "1.1.0", "TensorFlow 1.1", "Does 1.1, or 0.9, differ?"])
def test_a_release_leads_to_its_page(browser: Browser, site: Path, typed: str) -> None:
    with filtered(browser, site, typed) as page:
        link = page.locator('#found a[href^="release/"]')
        expect(link).to_have_text(["TensorFlow 1.1.0"])
        link.click()
        expect(page.locator("h1")).to_have_text("TensorFlow 1.1.0")


@pytest.mark.parametrize("typed", ["1.0 1.1", "from 1.1.0 to 1.0.1", "1.0 to 1.1, and then?"])
def test_two_releases_lead_to_their_comparison(browser: Browser, site: Path, typed: str) -> None:
    with filtered(browser, site, typed) as page:
        link = page.locator('#found a[href^="compare.html"]')
        expect(link).to_have_text(["From 1.0.1 to 1.1.0"])
        link.click()
        expect(page).to_have_url(address(site, "compare.html#1.0.1..1.1.0"))
        page.go_back()
        page.locator("#filter").fill("1.0")
        expect(link).to_have_count(0)
