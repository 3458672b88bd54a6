"""Exports of Google's tools, files without queries, records and folders, read to exact values."""

import json
import math

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.keywords.exports import Export, archive, bom, book, check, tabbed, utf8, utf16

from journeyseo.errors import FormatError
from journeyseo.keywords import read_keywords

CONSOLE, PLANNER = "Google Search Console", "Google Ads Keyword Planner"
METRICS = "query clicks impressions ctr position"
VOLUMES = "query volume volume_low volume_high volume_is_bucket"


def console(header, *rows):
    return Export(
        utf8(
            header,
            *(rows or ("copper kettle,54833,345731,15.86%,1.46", '"kettle, ""red""",0,3,0%,12.5')),
        ),
        "gsc_queries",
        CONSOLE,
        METRICS,
        [("copper kettle", 54833, 345731, 0.1586, 1.46), ('kettle, "red"', 0, 3, 0, 12.5)],
        described="utf-8, comma",
    )


SEARCH_CONSOLE = {
    "en": console("Top queries,Clicks,Impressions,CTR,Position"),
    "fr": console("Requêtes les plus fréquentes,Clics,Impressions,CTR,Position"),
    "es": console("Consultas principales,Clics,Impresiones,CTR,Posición"),
    "pt": console("Principais consultas,Cliques,Impressões,CTR,Posição"),
    "pt, other word order": console("Consultas principais,Cliques,Impressões,CTR,Posição"),
    "ja": console("上位のクエリ,クリック数,表示回数,CTR,掲載順位"),
    "zh-CN": console("热门查询,点击次数,展示,点击率,排名"),
    "zh-TW": console("熱門查詢項目,點擊,曝光,點閱率,排名"),
    "ru": console("Самые популярные запросы,Клики,Показы,CTR,Позиция"),
    "it": console("Query principali,Clic,Impressioni,CTR,Posizione media"),
    "nl": console("Populairste zoekopdrachten,Klikken,Vertoningen,CTR,Positie"),
    "pl": console("Najpopularniejsze zapytania,Kliknięcia,Wyświetlenia,CTR,Pozycja"),
    "tr": console("En popüler sorgular,Tıklama,Görüntüleme,CTR,Ortalama konum"),
    "cs": console("Nejčastější dotazy,Kliknutí,Zobrazení,CTR,Průměrná pozice"),
    "de, decimal commas": console(
        "Häufigste Suchanfragen,Klicks,Impressionen,CTR,Position",
        'copper kettle,54833,345731,"15,86 %","1,46"',
        '"kettle, ""red""",0,3,"0 %","12,5"',
    ),
}

QUERIES = "Top queries,Clicks,Impressions,CTR,Position\ncopper kettle,12,300,4%,3.2\n"
PAGES = "Top pages,Clicks,Impressions,CTR,Position\nhttps://kettle.example/,12,300,4%,3.2\n"
CHART = "Date,Clicks,Impressions,CTR,Position\n2026-05-10,12,300,4%,3.2\n2026-05-11,0,0,,\n"
COUNTRIES = "Country,Clicks,Impressions,CTR,Position\nUnited Kingdom,12,300,4%,3.2\n"
FILTERS = "Filter,Value\nSearch type,Web\nDate,Last 28 days\nCountry,United Kingdom\nPage,+/kettles/\n"
PERIODS = ("Last 3 months", "Previous 3 months")
COMPARED = ",".join(f"{p} {m}" for m in ("Clicks", "Impressions", "CTR", "Position") for p in PERIODS)
CONSOLE_ROW = {"clicks": 12.0, "impressions": 300.0, "ctr": 0.04, "position": 3.2}

GOOGLE = {
    "console, archive": Export(
        archive({
            "Chart.csv": CHART, "Queries.csv": QUERIES, "Pages.csv": PAGES, "Countries.csv": COUNTRIES,
            "Devices.csv": COUNTRIES.replace("Country", "Device").replace("United Kingdom", "Mobile"),
            "Filters.csv": FILTERS,
        }),
        "gsc_queries", CONSOLE, METRICS + " country period_start period_end",
        [("copper kettle", 12, 300, 0.04, 3.2, "GB", "2026-05-10", "2026-05-11")],
        name="https___kettle.example_-Performance-on-Search-2026-05-12.zip",
    ),
    "console, Spanish archive with weeks and garbled names": Export(
        archive({
            "Gr+ífico.csv": "Periodo,Clics,Impresiones,CTR,Posición\n2026-05-10 - 2026-05-30,12,300,4%,3.2\n",
            "Consultas.csv": "Consultas principales,Clics,Impresiones,CTR,Posición\ntetera,12,300,4%,3.2\n",
            "P+íginas.csv": "Páginas principales,Clics,Impresiones,CTR,Posición\nhttps://t.es/,1,2,50%,3\n",
            "Filtros.csv": "Filtrar,Valor\nTipo de búsqueda,Web\nPaís,España\n",
        }),
        "gsc_queries", CONSOLE, METRICS + " country period_start period_end",
        [("tetera", 12, 300, 0.04, 3.2, "ES", "2026-05-10", "2026-05-30")],
        name="t.zip",
    ),
    "console, workbook": Export(
        book({
            "Chart": [["Date", "Clicks", "Impressions", "CTR", "Position"]],
            "Queries": [
                ["Top queries", "Clicks", "Impressions", "CTR", "Position"],
                ["copper kettle", 17.0, 1000.0, 0.017, 4.5],
                ["kettle", 0.0, 4.0, 0.0, 55.25],
            ],
            "Pages": [
                ["Top pages", "Clicks", "Impressions", "CTR", "Position"],
                ["https://kettle.example/", 17.0, 1004.0, 0.0169, 4.7],
            ],
        }),
        "gsc_queries", CONSOLE, METRICS,
        [("copper kettle", 17, 1000, 0.017, 4.5), ("kettle", 0, 4, 0, 55.25)],
        described="workbook", name="export.xlsx",
    ),
    "console, comparison": Export(
        utf8(
            f"Top queries,{COMPARED}", "copper kettle,10,5,100,90,10%,5.56%,3.2,4.1",
            "old kettle,0,5,0,90,0%,5.56%,0.0,4.1",
        ),
        "gsc_comparison", CONSOLE, METRICS,
        [("copper kettle", 10, 100, 0.1, 3.2), ("old kettle", 0, 0, 0, None)],
    ),
    "console, saved again from a workbook": Export(
        utf8(
            "Top queries,Clicks,Impressions,CTR,Position", "copper kettle,1.0,40.0,0.025,3.2",
            "kettle,0.0,12.0,,", end="\r\n",
        ),
        "gsc_queries", CONSOLE, METRICS,
        [("copper kettle", 1, 40, 0.025, 3.2), ("kettle", 0, 12, None, None)],
    ),
    "console, query over two lines": Export(
        utf8("Top queries,Clicks,Impressions,CTR,Position", '"copper', 'kettle",1,4,25%,3', "pot,0,2,0%,9"),
        "gsc_queries", CONSOLE, METRICS + " source_row",
        [("copper kettle", 1, 4, 0.25, 3, 2), ("pot", 0, 2, 0, 9, 4)],
    ),
    "console, connector": Export(
        utf8(
            "country,date,device,query,search_type,site,clicks,ctr,impressions,position",
            "gbr,2026-05-01,MOBILE,copper kettle,web,sc-domain:kettle.example,3,0.3,10,4.2",
            "gbr,2026-05-02,MOBILE,copper kettle,web,sc-domain:kettle.example,1,0.1,10,5.2",
        ),
        "gsc_api", CONSOLE, METRICS + " country device period_start period_end n_merged",
        [("copper kettle", 4, 20, 0.2, 4.7, "GB", "MOBILE", "2026-05-01", "2026-05-02", 2)],
        n_rows=2,
    ),
    "console, API": Export(
        json.dumps({
            "rows": [
                {"keys": ["copper kettle", "gbr", "https://kettle.example/"], **CONSOLE_ROW},
                {"keys": ["kettle", "zzz", "https://kettle.example/k"], **CONSOLE_ROW, "clicks": 0.0},
            ],
            "responseAggregationType": "byPage",
        }).encode(),
        "gsc_api", CONSOLE, METRICS + " country url source_row",
        [
            ("copper kettle", 12, 300, 0.04, 3.2, "GB", "https://kettle.example/", 2),
            ("kettle", 0, 300, 0.04, 3.2, None, "https://kettle.example/k", 3),
        ],
        described="utf-8, JSON", name="answer.json",
    ),
    "console, API, one key of three letters": Export(
        json.dumps({"rows": [{"keys": ["pot"], **CONSOLE_ROW}, {"keys": ["pan"], **CONSOLE_ROW}]}).encode(),
        "gsc_api", CONSOLE, METRICS, [("pot", 12, 300, 0.04, 3.2), ("pan", 12, 300, 0.04, 3.2)],
        name="answer.json",
    ),
    "analytics, overview with queries": Export(
        utf8(
            "# Search Console overview", "# Account: Kettle", "# Property: Kettle web", "",
            "# Landing pages", "# Start date: 20260201", "# End date: 20260430",
            "Landing page + query string,Organic Google Search clicks", "/kettles,41", "",
            "# Queries", "# Start date: 20260201", "# End date: 20260430",
            "Organic Google Search query,Organic Google Search clicks,Organic Google Search impressions,"
            "Organic Google Search click through rate,Organic Google Search average position",
            "copper kettle,12,300,0.04,3.25", "(other),9,90,0.1,5", "tea pot,0,75,0,31",
            end="\r\n",
        ),
        "ga4_queries", "Google Analytics 4", METRICS + " period_start period_end source_row",
        [
            ("copper kettle", 12, 300, 0.04, 3.25, "2026-02-01", "2026-04-30", 15),
            ("tea pot", 0, 75, 0, 31, "2026-02-01", "2026-04-30", 17),
        ],
        dropped=((16, "a total or hidden queries"),), name="data-export.csv",
    ),
    "analytics, French queries": Export(
        utf8(
            "# Requêtes", "# Date de début : 20260201", "# Date de fin : 20260430",
            "Requête dans la recherche naturelle Google,Clics dans la recherche naturelle Google,"
            "Impressions dans la recherche naturelle Google",
            "bouilloire,12,300",
        ),
        "ga4_queries", "Google Analytics 4", "query clicks impressions period_end",
        [("bouilloire", 12, 300, "2026-04-30")],
    ),
    "console, bulk export": Export(
        utf8(
            "data_date,site_url,query,is_anonymized_query,country,search_type,device,impressions,clicks,"
            "sum_top_position",
            "2026-05-01,sc-domain:kettle.example,copper kettle,false,gbr,WEB,MOBILE,10,3,32",
            "2026-05-01,sc-domain:kettle.example,,true,gbr,WEB,MOBILE,90,1,400",
        ),
        "gsc_bulk", CONSOLE, "query clicks impressions position country",
        [("copper kettle", 3, 10, 4.2, "GB")], dropped=((3, "no query"),),
    ),
    "planner, exact": Export(
        utf16(*tabbed(
            "Keyword Stats 2026-05-02 at 18_07_30", '"May 1, 2025 - April 30, 2026"',
            "Keyword|Currency|Segmentation|Avg. monthly searches|Three month change|YoY change|Competition|"
            "Competition (indexed value)|Top of page bid (low range)|Top of page bid (high range)|"
            "Ad impression share|Organic impression share|Organic average position|In account?|In plan?|"
            "Searches: May 2025|Searches: Apr 2026",
            "||All devices|1900|0%|0%|||||||||||",
            "copper kettle|GBP||1300|-19%|22%|High|90|0.21|1.45| --| --| --|N|N|1000|1600",
            "kettle descaler|GBP||500| --|+∞|Unknown|||||||||500|500",
        ), end="\r\n"),
        "keyword_planner", PLANNER,
        VOLUMES + " competition cpc currency position difficulty period_end",
        [
            ("copper kettle", 1300, None, None, False, 0.9, 1.45, "GBP", None, None, "2026-04-30"),
            ("kettle descaler", 500, None, None, False, None, None, "GBP", None, None, "2026-04-30"),
        ],
        dropped=((4, "no query"),), described="utf-16, tab", name="Keyword Stats 2026-05-02 at 18_07_30.csv",
    ),
    "planner, numbers that only look like buckets": Export(
        utf8("Keyword,Avg. monthly searches,Searches: May 2025,Searches: Apr 2026", "kettle,50,40,60"),
        "keyword_planner", PLANNER, VOLUMES, [("kettle", 50, None, None, False)],
    ),
    "planner, buckets": Export(
        utf8(
            "Keyword,Currency,Avg. monthly searches,Three month change,YoY change,Competition,"
            "Competition (indexed value),Top of page bid (low range),Top of page bid (high range)",
            "copper kettle,EUR,500,0%,0%,High,100,0.20,1.40", "teapot,EUR,5000000,900%,,Low,3,,",
            "left-handed teapot,EUR,0,,,Unknown,,,",
        ),
        "keyword_planner", PLANNER, VOLUMES + " competition cpc",
        [
            ("copper kettle", 500, 100, 1000, True, 1, 1.4),
            ("teapot", 5_000_000, 1_000_000, 10_000_000, True, 0.03, None),
            ("left-handed teapot", 0, None, None, False, None, None),
        ],
    ),
    "planner, 2018": Export(
        utf16(*tabbed(
            "Keyword Stats 2020-07-11 at 18_07_30", '"August 8, 2019 - June 30, 2020"',
            "Keyword|Currency|Avg. monthly searches|Min search volume|Max search volume|Competition|"
            "Competition (indexed value)|Top of page bid (low range)|Top of page bid (high range)|"
            "Organic average position|Concept: Non-Brands",
            'copper kettle|USD|N/A|"1,000"|"10,000"|Medium|45|0.30|0.95||Non-Brands',
        )),
        "keyword_planner", PLANNER, VOLUMES + " cpc period_start period_end",
        [("copper kettle", math.sqrt(1e7), 1000, 10_000, True, 0.95, "2019-08-08", "2020-06-30")],
    ),
    "planner, before 2018": Export(
        utf16(*tabbed(
            "Ad group|Keyword (by relevance)|Currency|Avg. Monthly Searches (exact match only)|Competition|"
            "Suggested bid",
            "Seed keywords|copper kettle|GBP|1300|0.87|1.10",
        )),
        "keyword_planner", PLANNER, "query volume cpc currency",
        [("copper kettle", 1300, 1.1, "GBP")],
    ),
    "planner, Spanish": Export(
        utf16(*tabbed(
            "Estadísticas de palabras clave 2026-05-02 at 18_07_30",
            "1 de mayo de 2025 - 30 de abril de 2026",
            "Palabra clave|Moneda|Promedio de búsquedas mensuales|Competencia|Competencia (valor indexado)|"
            "Puja por la parte superior de la página (intervalo bajo)|"
            "Puja por la parte superior de la página (intervalo alto)",
            "tetera de cobre|EUR|1300|Alta|80|0,21|1,45", "tetera roja|EUR|90|Baja|5|0,05|0,3",
        )),
        "keyword_planner", PLANNER, "query volume competition cpc currency",
        [("tetera de cobre", 1300, 0.8, 1.45, "EUR"), ("tetera roja", 90, 0.05, 0.3, "EUR")],
    ),
    "planner, German ranges": Export(
        bom(
            "Suchbegriff;Durchschn. Suchanfragen pro Monat;Wettbewerb;Wettbewerb (indexierter Wert)",
            "kupferkessel;1 Tsd. – 10 Tsd.;Hoch;70", "teekanne;10 Tsd. – 100 Tsd.;Mittel;40",
        ),
        "keyword_planner", PLANNER, VOLUMES + " competition",
        [
            ("kupferkessel", math.sqrt(1e7), 1000, 10_000, True, 0.7),
            ("teekanne", math.sqrt(1e9), 10_000, 100_000, True, 0.4),
        ],
        described="utf-8, semicolon",
    ),
    "planner, Japanese": Export(
        "キーワード,月間平均検索ボリューム,競合性,競合性（インデックス値）,"
        "ページ上部に表示された広告の入札単価（高額帯）\n銅のやかん,1万～10万,高,88,120\nやかん,100～1000,低,12,\n"
        .encode("cp932"),
        "keyword_planner", PLANNER, VOLUMES + " competition cpc",
        [
            ("銅のやかん", math.sqrt(1e9), 10_000, 100_000, True, 0.88, 120),
            ("やかん", math.sqrt(1e5), 100, 1000, True, 0.12, None),
        ],
        described="cp932, comma", language="ja",
    ),
    "planner, Chinese": Export(
        utf16(*tabbed(
            "关键字（按相关性排序）|币种|平均每月搜索量|三个月变化|年同比变化|竞争程度|页首出价（低位区间）|"
            "页首出价（高位区间）",
            "铜水壶|CNY|1,000 - 1万|0%|0%|高|1.20|3.40",
        )),
        "keyword_planner", PLANNER, VOLUMES + " competition cpc currency",
        [("铜水壶", math.sqrt(1e7), 1000, 10_000, True, None, 3.4, "CNY")], language="zh-Hans",
    ),
    "ads, search terms in French": Export(
        utf8(
            "Rechercher,Coût,Clics,Impressions,Conversions",
            'bouilloire cuivre,"741,70 €",12\xa0491,90\xa0000,3', end="\r\n",
        ),
        "google_ads_terms", "Google Ads", "query clicks impressions volume",
        [("bouilloire cuivre", None, None, None)], language="fr",
    ),
    "ads, search terms": Export(
        utf16(*tabbed(
            "Search terms report", "May 1, 2026 - May 31, 2026",
            "Search term|Match type|Campaign|Ad group|Clicks|Impr.|CTR|Currency code|Avg. CPC|Cost",
            "copper kettle|Broad|Kettles|Copper|12|300|4.00%|GBP|0.85|10.20",
            "Total: Search terms||||12|300|4.00%|GBP|0.85|10.20",
        )),
        "google_ads_keywords", "Google Ads", METRICS + " cpc currency period_start period_end",
        [("copper kettle", None, None, None, None, 0.85, "GBP", "2026-05-01", "2026-05-31")],
        dropped=((5, "a total or hidden queries"),),
    ),
    "planner, forecast": Export(
        utf8(
            "Ad group,Keyword,Currency,Max CPC,Clicks,Impressions,Cost,CTR,Avg. CPC",
            "Copper,copper kettle,GBP,1.20,12.5,300.1,10.20,4.2%,0.82",
        ),
        "google_ads_keywords", "Google Ads", METRICS + " cpc",
        [("copper kettle", None, None, None, None, 0.82)],
    ),
    "trends, related queries": Export(
        utf8(
            "Category: All categories", "",
            '"copper: kettle: (1/31/24, 11:13 AM - 2/7/24, 11:13 AM, United States)"', "",
            "TOP", "copper kettle,100", '"kettle, whistling",38', "", "RISING", "kettle limescale,Breakout",
            'copper tea kettle,"+3,050%"', "copper kettle,+950%", "",
        ),
        "trends_related", "Google Trends", "query volume trend n_merged",
        [
            ("copper kettle", None, "100", 2), ("kettle, whistling", None, "38", 1),
            ("kettle limescale", None, "Breakout", 1), ("copper tea kettle", None, "+3,050%", 1),
        ],
        dropped=((9, "title of a section"),), n_rows=5, name="relatedQueries.csv",
    ),
    "trends, Portuguese without a blank line": Export(
        utf8("Categoria: Todas as categorias", "TOP", "chaleira,100", "RISING", "chaleira azul,Mais 2.000%"),
        "trends_related", "Google Trends", "query volume trend",
        [("chaleira", None, "100"), ("chaleira azul", None, "Mais 2.000%")],
        dropped=((4, "title of a section"),), language="pt",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", SEARCH_CONSOLE)
def test_search_console_in_its_languages(language, tmp_path):
    check(SEARCH_CONSOLE[language], tmp_path)


@pytest.mark.parametrize("case", GOOGLE)
def test_google(case, tmp_path):
    check(GOOGLE[case], tmp_path)


REFUSED = {
    "discover": (
        archive({
            "Pages.csv": "Top pages,Clicks,Impressions,CTR\nhttps://kettle.example/,1,2,50%\n",
            "Countries.csv": "Country,Clicks,Impressions,CTR\nUnited Kingdom,1,2,50%\n",
            "Discover appearance.csv": "Discover Appearance,Clicks,Impressions,CTR\nVideo,1,2,50%\n",
            "Filters.csv": "Filter,Value\nSearch type,Discover\n",
        }),
        "this is Google Search Console, performance on Discover. Discover has no searches",
    ),
    "console, pages alone": (archive({"Pages.csv": PAGES, "Chart.csv": CHART}), "No column of queries"),
    "console, API without rows": (b'{"responseAggregationType": "byPage"}', "The JSON holds no list"),
    "trends, timeline": (
        utf8("Category: All categories", "", "Week,kettle: (Worldwide)", "2026-02-08,2", "2026-02-15,<1"),
        "this is Google Trends, interest over time or by region.",
    ),
    "wordstat, months": (
        "Период;Число запросов;Доля от всех запросов, %;Динамика\nфевраль 2026;2 895 024;0,025;\n".encode(),
        "It counts one phrase over time; export the top queries instead.",
    ),
    "baidu, days": ("日期,点击量,展现量\n2026-05-01,1,20\n".encode("gb18030"), "No column of queries"),
    "yandex, pages": (
        "URL,Период,Показы,Клики,CTR,Позиция,Позиция клика\nhttps://a.ru/,01.09.2026,5,1,20,3,\n".encode(),
        "No column of queries",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_export_without_queries(case, tmp_path):
    data, message = REFUSED[case]
    path = tmp_path / "export.csv"
    path.write_bytes(data)

    with pytest.raises(FormatError) as caught:
        read_keywords(path)
    assert message in str(caught.value)


def test_filters_of_an_export_are_told(tmp_path):
    path = tmp_path / "site.zip"
    path.write_bytes(archive({"Queries.csv": QUERIES, "Filters.csv": FILTERS}))
    (report,) = read_keywords(path, language="en").attrs["reports"]

    assert report.notes == (
        "the export was filtered: Search type = Web; Date = Last 28 days; Country = United Kingdom; "
        "Page = +/kettles/",
    )


def test_damaged_table_beside_the_queries(tmp_path):
    path = tmp_path / "site.zip"
    chart = CHART + "".join(f"2026-06-{i % 30 + 1:02},1,2,50%,3\n" for i in range(60)) + '"2026-07'
    path.write_bytes(archive({"Queries.csv": QUERIES, "Chart.csv": chart}))

    assert read_keywords(path, language="en")["query"].tolist() == ["copper kettle"]


def test_records_in_json_lines_and_lists(tmp_path):
    lines, plain = tmp_path / "k.jsonl", tmp_path / "k.json"
    lines.write_text('{"query": "copper kettle", "volume": 10}\n{"query": "pot", "volume": null}\n')
    plain.write_text('["copper kettle", "pot"]')

    assert read_keywords(lines, language="en")["volume"].fillna(-1).tolist() == [10, -1]
    assert read_keywords(plain, language="en")["query"].tolist() == ["copper kettle", "pot"]


def test_keys_of_an_answer_are_named_once(tmp_path):
    path = tmp_path / "k.json"
    keys = ["copper kettle", "AMP_BLUE_LINK", "2026-05-01T00:00:00-07:00"]
    path.write_text(json.dumps({"rows": [{"keys": keys, **CONSOLE_ROW}]}))
    frame = read_keywords(path, language="en")

    assert frame["query"].tolist() == ["copper kettle"]
    assert frame["period_start"].tolist() == ["2026-05-01"]
    assert frame.attrs["reports"][0].ignored == ("key 2",)


def test_half_a_character_in_json(tmp_path):
    path = tmp_path / "k.json"
    path.write_text('[{"query": "kettle \\ud83d", "volume": 5}, {"query": "pot\\u0000", "volume": NaN}]')

    assert read_keywords(path, language="en")["query"].tolist() == ["kettle \ufffd", "pot"]


def test_json_keyed_by_values_is_refused(tmp_path):
    path = tmp_path / "k.json"
    path.write_text(json.dumps({"data": [{f"kettle {i}": i} for i in range(3000)]}))

    with pytest.raises(FormatError, match="records of 3,000 different fields"):
        read_keywords(path)


@pytest.mark.parametrize(
    "text", ["def kettle():\n  boil()\n  return pot\n", "kettle:\n  boils: 1\n  pot: 2\n"]
)
def test_indented_text_without_questions_is_no_outline(text, tmp_path):
    path = tmp_path / "k.csv"
    path.write_text(text)

    with pytest.raises(FormatError, match="No column of queries"):
        read_keywords(path)


def test_text_that_only_begins_like_json(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text('["kettle"] song meaning\n[pot] lid\n')

    assert read_keywords(path, language="en")["query"].tolist() == ['["kettle"] song meaning', "[pot] lid"]


def test_parquet_with_nested_columns(tmp_path):
    path = tmp_path / "export.parquet"
    info = [{"search_volume": 1300, "cpc": 1.5}, {"search_volume": None, "cpc": None}]
    pq.write_table(pa.table({"keyword": ["copper kettle", "pot"], "keyword_info": info}), path)
    frame = read_keywords(path, language="en")

    assert frame[["query", "cpc", "volume"]].fillna(-1).to_numpy().tolist() == [
        ["copper kettle", 1.5, 1300],
        ["pot", -1, -1],
    ]
    assert frame.attrs["reports"][0].described == "Parquet"


def test_folder_of_exports(tmp_path):
    (tmp_path / "bing").mkdir()
    (tmp_path / "a.csv").write_text(QUERIES)
    (tmp_path / "bing" / "b.csv").write_text(
        "Keyword,Impressions,Clicks,CTR,Avg. Position\npot,9,1,11.1%,2\n"
    )
    (tmp_path / "pages.csv").write_text(PAGES)
    (tmp_path / "notes.txt").write_text("ask for the May export\n")
    (tmp_path / ".hidden.csv").write_text(QUERIES)
    for source in (tmp_path, str(tmp_path)):
        frame = read_keywords(source, language="en")
        found = {report.source: (report.format, report.rows_kept) for report in frame.attrs["reports"]}

        assert frame[["query", "source"]].to_numpy().tolist() == [
            ["copper kettle", "a.csv"],
            ["pot", "b.csv"],
        ]
        assert found == {
            "a.csv": ("gsc_queries", 1),
            "b.csv": ("bing_keywords", 1),
            "notes.txt": ("none", 0),
            "pages.csv": ("none", 0),
        }
