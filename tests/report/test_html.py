"""The HTML report: one file, no outside request, nothing hostile that runs."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
import string
import tomllib
from html.parser import HTMLParser

import pytest

from journeyseo.assets import asset
from journeyseo.classifier.corrections import CORRECTED
from journeyseo.errors import JourneyseoError
from journeyseo.report.html import render_html
from journeyseo.report.view import SHOWN_TOPICS, build_view, report_language
from journeyseo.results import JourneyMap
from journeyseo.stages import LANGUAGES

# Elements that ask for something from elsewhere, or run something.
_FOREIGN = {"img", "iframe", "object", "embed", "link", "base", "audio", "video", "form", "source", "frame"}


class _Seen(HTMLParser):
    """What a browser would find: tags with attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.scripts: list[str] = []
        self._in = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._in = tag
        if tag in ("script", "style"):
            self.scripts.append("")

    def handle_endtag(self, tag):
        self._in = ""

    def handle_data(self, data):
        if self._in in ("script", "style"):
            self.scripts[-1] += data
        else:
            self.text += data

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag == name]


@pytest.fixture(scope="module")
def html(demo_map: JourneyMap) -> str:
    return render_html(build_view(demo_map))


@pytest.fixture(scope="module")
def page(html: str) -> _Seen:
    return _Seen(html)


@pytest.fixture(scope="module")
def hostile(hostile_map: JourneyMap) -> _Seen:
    return _Seen(render_html(build_view(hostile_map, "en")))


def _policy(page: _Seen) -> str:
    found = [m["content"] for m in page.named("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert len(found) == 1
    return found[0]


def test_nothing_is_asked_from_elsewhere(html: str, page: _Seen) -> None:
    tags = {tag for tag, _ in page.tags}
    assert tags.isdisjoint(_FOREIGN)
    assert all("src" not in attrs and "srcset" not in attrs for _, attrs in page.tags)
    assert {tag for tag, attrs in page.tags if "href" in attrs} == {"a"}
    assert len(page.scripts) == 2
    style, script = page.scripts
    assert "@import" not in style
    assert "url(" not in style
    assert not re.search(r"fetch|XMLHttpRequest|WebSocket|sendBeacon|import\b|https?:", script)


def test_policy_allows_exactly_its_own_style_and_script(html: str, page: _Seen) -> None:
    policy = _policy(page)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    for directive, text in zip(("style-src", "script-src"), page.scripts, strict=True):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    # An inline style or handler would be blocked by that policy.
    assert all("style" not in attrs for _, attrs in page.tags)
    assert html.index("Content-Security-Policy") < html.index("<style>")


def test_same_map_gives_the_same_bytes(html: str, demo_map: JourneyMap, tmp_path) -> None:
    again = render_html(build_view(demo_map))
    assert again == html
    loaded = JourneyMap.load(demo_map.save(tmp_path / "m"))
    assert render_html(build_view(loaded)) == html


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_is_said_and_used(zh_map: JourneyMap, language: str) -> None:
    texts = tomllib.loads(asset("data", "report", "texts.toml").read_text(encoding="utf-8"))
    seen = _Seen(render_html(build_view(zh_map, language)))
    assert seen.named("html") == [{"lang": language}]
    assert texts[language]["heat_map"] in seen.text
    other = "en" if language != "en" else "zh-Hant"
    assert texts[other]["heat_map"] not in seen.text


def test_language_follows_most_queries(demo_map: JourneyMap, zh_map: JourneyMap) -> None:
    assert report_language(demo_map) == "en"
    assert report_language(zh_map) == "zh-Hant"
    french = dataclasses.replace(demo_map, keywords=demo_map.keywords.assign(language="fr"))
    assert report_language(french) == "en"


def test_reasons_of_labels_are_said_in_the_language_of_the_report(demo_map: JourneyMap) -> None:
    keywords = demo_map.keywords.copy()
    for row, (engine, word) in enumerate(
        [("queries-fast 1", "best"), (CORRECTED, ""), ("queries-fast 1", "")]
    ):
        keywords.loc[row, ["query", "engine", "carried_by"]] = [f"query {row}", engine, word]
    changed = dataclasses.replace(demo_map, keywords=keywords)

    def reasons(language: str) -> list[str]:
        shown = {row["query"]: row["reason"] for row in build_view(changed, language).keywords}
        return [shown[f"query {row}"] for row in range(3)]

    assert reasons("en") == ["carried by “best”", "corrected by you", ""]
    assert reasons("zh-Hans") == ["依据“best”", "按你的更正", ""]
    assert reasons("zh-Hant") == ["依據「best」", "依你的更正", ""]


def test_notes_and_warnings_are_said_in_the_language_of_the_report(zh_map: JourneyMap) -> None:
    english = build_view(zh_map, "en").provenance
    chinese = build_view(zh_map, "zh-Hant").provenance
    assert english["warnings"] == zh_map.provenance["warnings"]
    assert len(chinese["warnings"]) == len(english["warnings"]) > 0
    told = [*chinese["warnings"], *(note for source in chinese["inputs"] for note in source["notes"])]
    assert all(re.search("[\u4e00-\u9fff]", text) for text in told)


def test_unknown_language_is_an_error_of_ours(demo_map: JourneyMap) -> None:
    with pytest.raises(JourneyseoError, match="fr"):
        build_view(demo_map, "fr")


def test_shows_every_gap_cell_and_suggestion(page: _Seen, demo_map: JourneyMap) -> None:
    tags = [
        attrs["class"].split()[1] for attrs in page.named("span") if attrs.get("class", "").startswith("tag")
    ]
    counts = demo_map.cells["status"].value_counts()
    assert len(demo_map.topics) <= SHOWN_TOPICS
    assert tags.count("gap") == counts["gap"]
    assert tags.count("weak") == counts["weak"]
    assert len(page.named("details")) == len(demo_map.suggestions) > 0
    for title in demo_map.suggestions["title"]:
        assert title in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_shows_findings_and_closed_suggestions(demo_map: JourneyMap, language: str) -> None:
    from journeyseo.findings import finding_text, to_do_text
    from journeyseo.planning import apply_plan
    from journeyseo.planning.apply import closed_text
    from journeyseo.tables import PLAN
    from journeyseo.wording import report_texts

    first = demo_map.suggestions.iloc[0]
    plan = PLAN.empty()
    plan.loc[0, ["id", "status", "owner"]] = [first["id"], "rejected", "王小明"]
    work, closed = apply_plan(demo_map.suggestions, plan)
    seen = _Seen(
        render_html(build_view(dataclasses.replace(demo_map, suggestions=work, closed=closed), language))
    )
    texts = report_texts()[language]
    assert texts["findings"] in seen.text
    assert len(demo_map.findings) == 1
    for finding in demo_map.findings.itertuples():
        assert texts[finding.kind] in seen.text
        assert to_do_text(finding.kind, language) in seen.text
        assert finding_text(finding.reason, language) in seen.text
    assert texts["closed"] in seen.text
    assert closed_text("rejected", language) in seen.text
    assert "王小明" in seen.text
    assert first["title"] in seen.text


def test_links_lead_only_to_pages_of_the_map(page: _Seen, demo_map: JourneyMap) -> None:
    links = {a["href"] for a in page.named("a")}
    assert links
    assert links <= set(demo_map.pages["url"])


def test_hostile_text_adds_no_element(hostile: _Seen, page: _Seen) -> None:
    tags = [tag for tag, _ in hostile.tags]
    assert tags.count("script") == tags.count("style") == tags.count("title") == tags.count("svg") == 1
    assert set(tags) <= {tag for tag, _ in page.tags} | {"table", "tbody"}
    assert hostile.scripts == page.scripts
    names = {name for _, attrs in hostile.tags for name in attrs}
    assert not [name for name in names if name.startswith("on")]
    assert "x" not in {name for tag, attrs in hostile.tags if tag not in ("rect", "text") for name in attrs}


def test_hostile_address_never_becomes_a_link(hostile: _Seen, hostile_map: JourneyMap) -> None:
    links = {a["href"] for a in hostile.named("a")}
    assert links == {"https://evil.example/?a=\"><svg onload='alert(8)'>&lt;"}
    assert hostile.text.count("javascript:alert(5)") > 3


def test_hostile_text_is_shown_as_written(hostile: _Seen, payloads: tuple[str, ...]) -> None:
    for text in payloads:
        assert text in hostile.text
    assert "{{ 7*7 }}" in hostile.text
    assert "49" not in re.findall(r"\{\{.{0,9}|49<", hostile.text)
    titles = {attrs["title"] for attrs in hostile.named("td") if "title" in attrs}
    assert titles


def test_hostile_stage_names_of_a_journey(demo_map: JourneyMap) -> None:
    stages = [{"key": s["key"], "names": {"en": "<b onclick=1>x</b>"}} for s in demo_map.provenance["stages"]]
    changed = dataclasses.replace(demo_map, provenance={**demo_map.provenance, "stages": stages})
    seen = _Seen(render_html(build_view(changed, "en")))
    assert seen.text.count("<b onclick=1>x</b>") >= 3 * len(stages)
    assert all("onclick" not in attrs for _, attrs in seen.tags)


def test_no_control_character_reaches_the_file(demo_map: JourneyMap) -> None:
    keywords = demo_map.keywords.assign(query=["a\x00b\x1b[31mc"] * len(demo_map.keywords))
    html = render_html(build_view(dataclasses.replace(demo_map, keywords=keywords)))
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", html)


def test_hostile_input_from_end_to_end() -> None:
    import pandas as pd

    from journeyseo.pipeline import map_journey

    queries = [
        f"{q} crm software"
        for q in ("<script>alert(1)</script> best", "{{ 7*7 }} buy", '"><img src=x> what is')
    ]
    pages = pd.DataFrame(
        {
            "url": ["javascript:alert(1)", "https://a.example/<script>"],
            "title": ["</title><script>alert(2)</script>", "Buy crm software"],
            "text": ["crm software guide " * 100] * 2,
        }
    )
    seen = _Seen(render_html(build_view(map_journey(queries, pages))))
    assert len(seen.named("script")) == 1
    assert seen.named("img") == []
    assert all(a["href"].startswith("https://a.example/") for a in seen.named("a"))
    assert "{{ 7*7 }} buy crm software" in seen.text


def _holes(text: str) -> list[str]:
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name is not None})


def test_texts_of_the_report_are_whole_in_three_languages() -> None:
    texts = tomllib.loads(asset("data", "report", "texts.toml").read_text(encoding="utf-8"))
    assert set(texts) == set(LANGUAGES)
    english = texts["en"]
    for language in LANGUAGES[1:]:
        assert set(texts[language]) == set(english)
        for key, text in texts[language].items():
            assert text.strip(), (language, key)
            assert _holes(text) == _holes(english[key]), (language, key)
