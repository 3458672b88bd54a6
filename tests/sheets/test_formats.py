"""What a file is by its header, and what its columns mean."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeyseo.sheets.formats import (
    GENERIC,
    Format,
    assign,
    fields,
    formats,
    header_key,
    header_score,
    recognise,
)

HEADERS = {
    "gsc_comparison": (
        "Top queries,Last 3 months Clicks,Previous 3 months Clicks,Last 3 months Impressions,"
        "Previous 3 months Impressions,Last 3 months CTR,Previous 3 months CTR,"
        "Last 3 months Position,Previous 3 months Position"
    ),
    "gsc_queries": "Top queries,Clicks,Impressions,CTR,Position",
    "keyword_planner": "Keyword,Currency,Avg. monthly searches,Competition,Competition (indexed value)",
    "bing_keywords": "Keyword,Impressions,Clicks,CTR,Avg. Position",
    "bing_ai": "Grounding Query,Intent,Topic,Citations,Citation Share",
    "semrush_positions": "Keyword,Position,Search Volume,CPC,URL,Traffic Cost,SERP Features by Keyword",
    "semrush_gap": "Keyword,Intents,Volume,Keyword Difficulty,CPC,a.uk,b.uk,a.uk (pages),b.uk (pages)",
    "semrush_tracking": "Keyword,*.a.uk/*_20260501,*.a.uk/*_20260501_landing,*.a.uk/*_difference",
    "semrush_strategy": "Database,Keyword,Seed keyword,Page,Page type,Volume,Keyword Difficulty,CPC (USD)",
    "semrush_keywords": "Keyword,Intent,Volume,Trend,Keyword Difficulty,CPC (GBP),SERP Features",
    "ahrefs_content_gap": "Keyword,SERP features,Volume,KD,a.uk/: Traffic,a.uk/: Position,a.uk/: URL,Updated",
    "ahrefs_organic": "Keyword,Country code,Volume,KD,CPC,Current position,Current URL,Navigational",
    "ahrefs_explorer": "#,Keyword,Country,Difficulty,Volume,CPC,CPS,Parent Keyword,Global volume",
    "mangools": "Keyword,Avg. Search Volume (Last Known Values),Location,CPC/USD,PPC,Keyword Difficulty",
    "keywordtool": "Keywords,Search Volume (Average),Trend,Average CPC (EUR),Competition",
    "keywords_everywhere": "Keyword,Vol,CPC,Comp,Apr 2023,May 2023",
    "ubersuggest": "No,Keyword,Search Intent,Search Volume,CPC,Paid Difficulty,SEO Difficulty",
    "ubersuggest_domain": "No,Keywords,Volume,Position,Est. Visits,SEO Difficulty,CPC,Ranking URL",
    "se_ranking": "Keyword,URL,Search vol.,2026-03-07,Dynamics",
    "se_ranking_research": "Keyword,Search vol.,CPC,Competition,Difficulty,Search intent",
    "sistrix_comparison": "Keyword,Position#1,Position#2,Search Volume,URL",
    "serpstat": "Keyword;Search volume;PPC competition;Keyword difficulty",
    "spyfu": "Keyword,Search Volume,Ranking Difficulty,Total Monthly Clicks",
    "similarweb": "Keyword,Clicks,Traffic share,Volume,KD,CPC,Zero-clicks,Leader",
    "gsc_api": "query,page,clicks,impressions,ctr,position",
    "dataforseo_labs": "keyword,location_code,keyword_info.search_volume,keyword_info.cpc",
    "moz": "Keyword,Locale,Min Volume,Max Volume,Difficulty,Organic CTR,Importance,Priority",
    "naver": "연관키워드,월간검색수(PC),월간검색수(모바일),경쟁정도",
    "wordstat": "Формулировка;Число запросов;Топ частотных запросов",
    "yandex_webmaster": "Запрос,Показы,Клики,CTR,Позиция",
    "baidu_search": "关键词,点击量,展现量,点击率,平均排名,页面",
    "baidu_planner": "关键词,展现理由,整体日均搜索量,竞争激烈程度",
}


def split(header):
    return re.split("[,;]", header)


@pytest.mark.parametrize("name", HEADERS)
def test_vendor_is_recognised(name):
    assert recognise(split(HEADERS[name]), "vendors").id == name


@pytest.mark.parametrize("name", HEADERS)
def test_vendor_is_recognised_in_other_dress(name):
    cells = [f' "{cell.upper()}" ' for cell in split(HEADERS[name])]
    cells[0] = "\ufeff" + cells[0]

    assert recognise(cells, "vendors").id == name


@pytest.mark.parametrize("name", HEADERS)
def test_every_vendor_has_a_query(name):
    cells = split(HEADERS[name])
    place = assign(cells, recognise(cells, "vendors"), ["query"])["query"][0]

    assert place == (1 if cells[0] in ("#", "No", "Database") else 0)


@pytest.mark.parametrize(
    "header",
    [
        "Search Term,Modifier Type,Modifier,Keyword,Language,Country,Search Vol.,CPC (US$)",
        "Terme de recherche,Type de modificateur,Modificateur,Mot-clé,Langue,Pays,Volume,CPC (US$)",
    ],
    ids=["en", "fr"],
)
def test_answerthepublic(header):
    cells = split(header)
    form = recognise(cells, "vendors")

    assert form.id == "answerthepublic"
    assert assign(cells, form, ["query"]) == {"query": [3]}


@pytest.mark.parametrize(
    "header",
    [
        "热门查询,点击次数,展示,点击率,排名",
        "熱門查詢項目,點擊,曝光,點閱率,排名",
        "上位のクエリ,クリック数,表示回数,CTR,掲載順位",
        "Requêtes les plus fréquentes,Clics,Impressions,CTR,Position",
        "Consultas principales,Clics,Impresiones,CTR,Posición",
        "Principais consultas,Cliques,Impressões,CTR,Posição",
        "Häufigste Suchanfragen,Klicks,Impressionen,CTR,Position",
        "Query principali,Clic,Impressioni,CTR,Posizione media",
        "Populairste zoekopdrachten,Klikken,Vertoningen,CTR,Positie",
        "Najpopularniejsze zapytania,Kliknięcia,Wyświetlenia,CTR,Pozycja",
        "En popüler sorgular,Tıklama,Görüntüleme,CTR,Ortalama konum",
        "Nejčastější dotazy,Kliknutí,Zobrazení,CTR,Průměrná pozice",
    ],
)
def test_search_console_in_other_languages(header):
    cells = split(header)
    form = recognise(cells, "vendors")

    assert form.id == "gsc_queries"
    assert assign(cells, form, ["query", "clicks", "impressions", "ctr", "position"]) == {
        "query": [0], "clicks": [1], "impressions": [2], "ctr": [3], "position": [4],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Address,Content Type,Status Code,Title 1", "screaming_frog"),
        ("Top pages,Clicks,Impressions,CTR,Position", "gsc_pages"),
        ("排名靠前的网页,点击次数,展示,点击率,排名", "gsc_pages"),
        ("URL,UR,Traffic,Keywords,Top keyword,Top keyword: Volume", "ahrefs_top_pages"),
        ("URL,Scheme,HTTP Status Code,Crawl Source,First Parent URL", "sitebulb"),
    ],
)
def test_page_inventories(header, name):
    assert recognise(split(header), "pages").id == name


def test_unknown_header_is_generic():
    assert recognise(["phrase", "size"], "vendors") is GENERIC


def test_comparison_needs_its_nine_columns():
    eight = split(HEADERS["gsc_comparison"])[:8]

    assert recognise(eight, "vendors").id == "gsc_queries"


def test_comparison_takes_the_current_period():
    cells = split(HEADERS["gsc_comparison"])
    form = recognise(cells, "vendors")

    assert assign(cells, form, ["query", "clicks", "impressions", "ctr", "position"]) == {
        "query": [0], "clicks": [1], "impressions": [3], "ctr": [5], "position": [7],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "field", "column"),
    [
        (HEADERS["ahrefs_explorer"], "volume", "Volume"),
        (HEADERS["keyword_planner"], "competition", "Competition (indexed value)"),
        (HEADERS["mangools"], "cpc", "CPC/USD"),
        (HEADERS["mangools"], "competition", "PPC"),
        (HEADERS["semrush_keywords"], "difficulty", "Keyword Difficulty"),
        (HEADERS["keywordtool"], "cpc", "Average CPC (EUR)"),
        (HEADERS["ahrefs_organic"], "url", "Current URL"),
        (HEADERS["baidu_planner"], "volume_day", "整体日均搜索量"),
        ("Keyword,Avg. Search Volume (Last 12 months)", "volume", "Avg. Search Volume (Last 12 months)"),
        ("Keyword,SV trend (02-2024 - 01-2026)", "trend", "SV trend (02-2024 - 01-2026)"),
    ],
)
def test_column_of_a_field(header, field, column):
    cells = split(header)
    found = assign(cells, recognise(cells, "vendors"), [field])

    assert cells[found[field][0]] == column


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Keyword,Avg. monthly searches,Competition", "competition"),
        ("Keyword,Avg. monthly searches,Organic average position", "position"),
        ("Keyword,Avg. monthly searches,Ad impression share", "impressions"),
        ("#,Keyword,Parent Keyword,Global volume", "volume"),
        ("Keyword,Seed keyword,Page,Page type", "url"),
        ("Parent keyword,size", "query"),
    ],
)
def test_column_that_is_never_taken(header, field):
    cells = split(header)

    assert field not in assign(cells, recognise(cells, "vendors"), [field])


@pytest.mark.parametrize(
    ("rule", "places"),
    [
        ({"match": "2026-.*"}, [5, 6]),
        ({"match": "2026-.*", "last": True}, [6, 5]),
        ({"ends": "_landing"}, [4, 2]),
        ({"before": "_landing"}, [3, 1]),
        ({"ends": "_type"}, []),
    ],
)
def test_columns_by_a_rule(rule, places):
    header = ["keyword", "a_20260101", "a_20260101_landing", "a_20260108", "a_20260108_landing"]
    header += ["2026-01-01", "2026-01-08", "b_20260109", "b_20260109_landing"]
    form = Format("x", "x", "x", fields={"position": rule})

    assert assign(header, form, ["position"]) == ({"position": places} if places else {})


def test_better_name_comes_first_and_a_column_is_used_once():
    found = assign(["keyword", "query", "volume"], GENERIC, ["query", "parent", "volume"])

    assert found == {"query": [1, 0], "volume": [2]}


def test_both_parts_of_a_volume():
    cells = ["연관키워드", "월간검색수\nPC", "월간검색수(모바일)"]

    assert sorted(assign(cells, recognise(cells, "vendors"), ["volume_part"])["volume_part"]) == [1, 2]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("\ufeffTop  Queries ", "top queries"),
        ('"Search vol."', "search vol."),
        ("关键字（按相关性排序）", "关键字(按相关性排序)"),
        ("월간검색수\nPC", "월간검색수 pc"),
        ("KD\xa0%", "kd %"),
        ("\u200bURL", "url"),
    ],
)
def test_header_key(name, key):
    assert header_key(name) == key


def test_more_known_names_make_more_of_a_header():
    vendor = header_score(split(HEADERS["gsc_queries"]), "query")

    assert vendor > header_score(["query", "clicks"], "query") > header_score(["query", "x"], "query") > 0
    assert header_score(["size", "clicks"], "query") == 0
    assert header_score(["query", "clicks"], "url") == 0
    assert header_score(["address", "status code"], "url") > 0


def test_declared_names_are_normal_and_unique():
    for field in fields().values():
        assert field.kind in {"text", "whole", "number", "rate"}
        assert all(name == header_key(name) and name for name in field.names), field.name
        assert len(set(field.names)) == len(field.names), field.name
    for kind in ("vendors", "pages"):
        ids = [form.id for form in formats(kind)]
        assert len(ids) == len(set(ids))
        for form in formats(kind):
            names = [*form.has, *form.any_of, *form.ignore, *form.flags, *form.totals, *form.titles]
            assert names == [header_key(name) for name in names], form.id
            assert set(form.fields) <= set(fields()), form.id


@given(st.text())
def test_header_key_is_stable(name):
    key = header_key(name)

    assert "\n" not in key
    assert key == key.lower()
