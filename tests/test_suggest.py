"""Briefs: one for each gap, in the queries' language, ready for a writer."""

import pytest

from journeyseo.stages import LANGUAGES
from journeyseo.suggest import suggest_content
from journeyseo.touchpoints import content_types, scoring, touchpoints


@pytest.fixture(params=["demo_map", "zh_map"])
def journey_map(request):
    return request.getfixturevalue(request.param)


def test_one_brief_for_each_gap_and_weak_cell(journey_map):
    cells = journey_map.gaps
    cells = cells[cells["journey_stage"] != "outside"]
    briefs = journey_map.suggestions
    assert set(zip(briefs["topic"], briefs["journey_stage"], strict=True)) == set(
        zip(cells["topic"], cells["journey_stage"].astype(str), strict=True)
    )
    assert briefs["id"].is_unique
    assert briefs["rank"].tolist() == list(range(1, len(briefs) + 1))


def test_no_hole_shows_and_nothing_needed_is_empty(journey_map):
    briefs = journey_map.suggestions
    for name in (
        "title",
        "outline",
        "call_to_action",
        "primary_keyword",
        "why",
        "kpi",
        "department",
        "schema_type",
    ):
        assert briefs[name].notna().all(), name
        assert not briefs[name].str.contains(r"[{}]|\bnan\b|\bNone\b").any(), name
        assert (briefs[name].str.len() > 1).all(), name


def test_titles_are_in_the_language_of_the_queries(demo_map, zh_map):
    assert demo_map.suggestions["title"].str.isascii().all()
    assert zh_map.suggestions["title"].str.contains(r"[\u4e00-\u9fff]").all()
    assert not zh_map.suggestions["title"].str.contains("怎么|价格").any()


def test_the_primary_keyword_is_a_query_of_the_topic(journey_map):
    topic = journey_map.keywords.set_index("query")["topic"]
    for brief in journey_map.suggestions.itertuples():
        assert topic[brief.primary_keyword] == brief.topic
        supporting = brief.keywords.split("\n") if isinstance(brief.keywords, str) and brief.keywords else []
        assert brief.primary_keyword not in supporting
        assert all(topic[q] == brief.topic for q in supporting)


def test_a_change_names_its_page_and_a_new_page_none(journey_map):
    briefs = journey_map.suggestions
    change = briefs["action"] != "write a new page"
    assert briefs.loc[change, "page"].isin(journey_map.pages["url"]).all()
    assert briefs.loc[~change, "page"].isna().all()


def test_links_are_pages_of_the_site(journey_map):
    pages = set(journey_map.pages["url"])
    for name in ("links_from", "links_to"):
        for text in journey_map.suggestions[name].dropna():
            assert {u for u in text.split("\n") if u} <= pages


def test_scores_fall_and_their_parts_add_up(journey_map):
    briefs = journey_map.suggestions
    assert briefs["score"].is_monotonic_decreasing
    assert briefs["score"].between(0, 100).all()
    for brief in briefs.itertuples():
        parts = [int(part.rsplit(" ", 1)[1]) for part in brief.score_parts.split(", ")]
        assert sum(parts) == pytest.approx(brief.score, abs=len(parts) / 2 + 0.1)


def test_clicks_are_those_of_the_named_keywords_at_the_target_position(demo_map):
    queries = demo_map.keywords
    for brief in demo_map.suggestions.itertuples():
        named = {brief.primary_keyword, *brief.keywords.split("\n")}
        own = queries[queries["query"].isin(named) & (queries["topic"] == brief.topic)]
        sought = (own["demand"].fillna(0) * own[f"p_{brief.journey_stage}"]).sum()
        assert brief.clicks == pytest.approx(sought * scoring().ctr[2], abs=0.06)
        assert brief.clicks <= brief.demand * scoring().ctr[2] + 0.06


def test_queries_of_the_brand_shape_no_brief_while_there_are_others(demo_map):
    from journeyseo.coverage import match_coverage
    from journeyseo.stages import load_journey

    keywords = demo_map.keywords[demo_map.keywords["topic"].notna()].reset_index(drop=True)
    brief = demo_map.suggestions.iloc[0]
    marked = keywords.assign(brand=(keywords["query"] == brief.primary_keyword).astype("boolean"))
    cells = demo_map.cells[demo_map.cells["topic"] == brief.topic].reset_index(drop=True)
    cells.loc[cells["journey_stage"] != brief.journey_stage, "status"] = "covered"
    coverage = match_coverage(marked, demo_map.pages)
    found = suggest_content(marked, demo_map.pages, demo_map.topics, cells, coverage, load_journey())
    assert len(found) == 1
    assert found["primary_keyword"][0] != brief.primary_keyword


def test_a_brief_holds_what_speaks_of_its_subject_and_improves_a_page_about_it(journey_map):
    from journeyseo.content_choice import subject_of
    from journeyseo.similarity import plain, terms

    row_of = {query: row for row, query in enumerate(journey_map.coverage["query"])}
    addresses = journey_map.pages["url"].tolist()
    for brief in journey_map.suggestions.itertuples():
        subject = set(terms(plain([subject_of(brief.topic_name, brief.primary_keyword, brief.language)])[0]))
        for keyword in filter(None, brief.keywords.split("\n")):
            assert not subject.isdisjoint(terms(plain([keyword])[0])), (brief.primary_keyword, keyword)
        if brief.action == "improve the page":
            assert journey_map.fit[row_of[brief.primary_keyword], addresses.index(brief.page)] >= 0.5


def test_no_gap_no_brief(demo_map):
    cells = demo_map.cells[demo_map.cells["status"] == "covered"]
    from journeyseo.coverage import match_coverage
    from journeyseo.stages import load_journey

    inside = demo_map.keywords[demo_map.keywords["topic"].notna()].reset_index(drop=True)
    coverage = match_coverage(inside, demo_map.pages)
    found = suggest_content(
        inside, demo_map.pages, demo_map.topics, cells, coverage, load_journey("three-stage")
    )
    assert len(found) == 0
    assert list(found.columns) == list(demo_map.suggestions.columns)


def test_the_catalogue_is_whole():
    points = touchpoints()
    for kind in content_types():
        assert kind.touchpoint in points
        assert kind.stage in points[kind.touchpoint].stages
        for language in LANGUAGES:
            for title in (kind.title, kind.general):
                assert title[language].format(topic="x", keyword="y", cue="z", rest="w")
            assert len(kind.outline[language]) >= 3
            assert kind.names[language]
    assert {k.stage for k in content_types()} == {
        "awareness",
        "consideration",
        "decision",
        "retention",
        "advocacy",
    }


def _squeezed(text):
    return text.casefold().replace(" ", "")


def test_an_outline_answers_the_questions_that_people_type(journey_map):
    for _, brief in journey_map.suggestions.iterrows():
        sections, questions = brief["outline"].split("\n"), brief["questions"].split("\n")
        asked = [q for q in questions if q and q != brief["primary_keyword"]]
        assert sections[-1].startswith("– ") == bool(asked)
        for question in asked[:3]:
            # Blanks between Han, a habit of typing, are left out.
            assert any(_squeezed(question) in _squeezed(section) for section in sections)


def test_links_lead_on_to_other_pages_and_come_from_pages_on_the_way(journey_map):
    stage = journey_map.pages.set_index("url")["stage"].astype(str)
    best = journey_map.cells.set_index(["topic", "journey_stage"])["best_page"]
    for _, brief in journey_map.suggestions.iterrows():
        onwards = [u for u in (brief["links_to"] or "").split("\n") if u]
        assert best[brief["topic"], brief["journey_stage"]] not in onwards
        assert len(set(onwards)) == len(onwards)
        for url in (brief["links_from"] or "").split("\n"):
            assert not url or stage[url] in ("awareness", "consideration", "decision")


def test_a_page_to_check_first_is_named_for_new_pages_alone(journey_map):
    briefs = journey_map.suggestions
    named = briefs["check_first"].notna()
    assert named.any()
    assert (~named).any()
    assert (briefs.loc[named, "action"] == "write a new page").all()
    assert briefs.loc[named, "check_first"].isin(journey_map.pages["url"]).all()
    for column in ("check_reason", "check_why"):
        assert (briefs[column].notna() == named).all()


def test_channel_department_and_kpi_are_in_the_language_of_the_brief(zh_map):
    for column in ("touchpoint", "channel", "department", "kpi"):
        assert zh_map.suggestions[column].str.contains(r"[\u4e00-\u9fff]").all(), column
