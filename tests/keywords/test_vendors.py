"""Exports of other vendors, in the vendor's own layout, read into the keywords table."""

import csv
import io

import pytest
from tests.keywords.exports import book


def quoted(rows, delimiter="\t", end="\n"):
    return end.join(delimiter.join(f'"{cell}"' for cell in row.split("|")) for row in rows)


def values(frame, *columns):
    cells = frame[list(columns)].astype(object)
    return [tuple(row) for row in cells.where(cells.notna(), None).to_numpy().tolist()]


DENSITY, SERP, FEATURES = "Competitive Density", "SERP Features", "AI Overview, Reviews"


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_semrush_keyword_magic(load, delimiter):
    rows = [
        ["Keyword", "Intent", "Volume", "Trend", "Keyword Difficulty", "CPC (GBP)", DENSITY, SERP],
        ["copper kettle", "Informational, Commercial", "1200", "0.44,0.81", "37", "0.85", "0.3", FEATURES],
        ["kettle, red", "", "40", "", "", "0.00", "1.00", ""],
    ]  # fmt: skip
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    frame, report = load(out.getvalue())

    assert report.format == "semrush_keywords"
    assert values(frame, "query", "volume", "difficulty", "cpc", "currency", "competition") == [
        ("copper kettle", 1200, 37, 0.85, "GBP", 0.3),
        ("kettle, red", 40, None, 0, "GBP", 1),
    ]
    assert values(frame, "vendor_intent", "trend", "serp_features") == [
        ("Informational, Commercial", "0.44,0.81", FEATURES),
        (None, None, None),
    ]


def test_semrush_positions(load):
    header = (
        "Keyword,Position,Previous position,Search Volume,Keyword Difficulty,CPC,URL,Traffic,Traffic (%),"
        "Traffic Cost,Competition,Number of Results,Trends,Timestamp,SERP Features by Keyword,"
        "Keyword Intents,Position Type\n"
    )
    row = 'copper kettle,{},9,1200,37,0.85,https://a.uk/{},5,0.1,4,0.3,900,"[44,54]",2026-01-02,Sitelinks,'
    row += "commercial,Organic\n"
    frame, report = load(header + row.format(6, "x") + row.format(4, "y"))

    assert report.format == "semrush_positions"
    assert values(frame, "position", "url", "volume", "cpc", "currency", "vendor_intent", "n_merged") == [
        (4, "https://a.uk/y", 1200, 0.85, None, "commercial", 2)
    ]
    assert (report.rows_read, report.rows_kept) == (2, 2)


def test_ahrefs_keywords_explorer(load):
    text = quoted([
        "#|Keyword|Country|Difficulty|Volume|CPC|Parent Keyword|Updated|SERP Features|Global volume|Intents",
        "1|copper kettle|gb|0|1200|0.35|kettles|2026-01-02|Sitelinks,Image pack|9000|Informational,Branded",
        "2|kettle sale|gb||80||kettles|||70000|",
    ])  # fmt: skip
    frame, report = load(("\ufeff" + text).encode("utf-16-le"))

    assert (report.format, report.described) == ("ahrefs_explorer", "utf-16, tab")
    assert values(frame, "query", "country", "difficulty", "volume", "cpc", "vendor_intent") == [
        ("copper kettle", "GB", 0, 1200, 0.35, "Informational,Branded"),
        ("kettle sale", "GB", None, 80, None, None),
    ]
    assert "Global volume" in report.ignored


def test_ahrefs_site_explorer_with_intents_as_flags(load):
    text = quoted([
        "Keyword|Country code|Language|Volume|KD|CPC|Organic traffic|Current position|Current URL|"
        "Navigational|Informational|Commercial|Transactional|Branded|Local",
        "copper kettle|GB|en|1200|3|0.35|50|4|https://a.uk/k|false|true|true|false|true|false",
        "kettle sale|GB|en-GB|80||||||false|false|false|false|false|false",
    ])  # fmt: skip
    frame, report = load(("\ufeff" + text).encode("utf-16-le"), language=None)

    assert report.format == "ahrefs_organic"
    assert values(frame, "query", "position", "url", "vendor_intent", "language") == [
        ("copper kettle", 4, "https://a.uk/k", "Informational, Commercial", "en"),
        ("kettle sale", None, None, None, "en"),
    ]


def test_baidu(load):
    text = '关键词,点击量,展现量,点击率,平均排名,页面\n铜水壶怎么选,"1,200",3万,4%,3.2,https://a.cn/h\n水壶推荐,-,50,-,-,\n'
    frame, report = load(text.encode("gb18030"))

    assert (report.format, report.described) == ("baidu_search", "gb18030, comma")
    assert values(frame, "query", "clicks", "impressions", "ctr", "position", "url") == [
        ("铜水壶怎么选", 1200, 30_000, 0.04, 3.2, "https://a.cn/h"),
        ("水壶推荐", None, 50, None, None, None),
    ]


def test_baidu_planner_gives_daily_volumes(load):
    frame, report = load("关键词,展现理由,整体日均搜索量,竞争激烈程度\n铜水壶,热搜,12,36\n".encode("gb18030"))

    assert report.format == "baidu_planner"
    assert values(frame, "volume", "volume_unit", "competition") == [(365, "day", 0.36)]
    assert "365/12" in report.notes[0]


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        ("關鍵字,每月搜尋量\n銅製水壺推薦,1200\n電熱水壺價格,900\n", "big5", ("銅製水壺推薦", 1200)),
        (
            "キーワード,検索数\n銅のやかん おすすめ,1200\nやかん 洗い方,90\n",
            "cp932",
            ("銅のやかん おすすめ", 1200),
        ),
        (
            "キーワード,月間平均検索ボリューム\n銅のやかん,1万〜10万\n",
            "cp932",
            ("銅のやかん", pytest.approx(31622.776)),
        ),
    ],
    ids=["big5", "cp932", "cp932 ranges"],
)
def test_legacy_encodings(load, text, encoding, expected):
    frame, report = load(text.encode(encoding))

    assert report.described == f"{encoding}, comma"
    assert values(frame, "query", "volume")[0] == expected


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_wordstat(load, end):
    lines = [
        "Формулировка;Число запросов;Топ частотных запросов «чайник», 17.01.2026 — 17.02.2026, все регионы"
    ]
    lines += ["медный чайник;2\xa0895\xa0024;", "чайник со свистком;281091;"]
    frame, report = load(end.join(lines).encode("cp1251"))

    assert (report.format, report.described) == ("wordstat", "cp1251, semicolon")
    assert values(frame, "query", "volume") == [("медный чайник", 2_895_024), ("чайник со свистком", 281_091)]
    assert report.dropped == ()


def test_se_ranking_positions(load):
    frame, report = load(
        '\ufeff"Google United Kingdom, interface language: English"\n'
        'Keyword,URL,"Search vol.",2026-03-07,Dynamics,2026-03-08,Dynamics\n'
        "Kettles,--,300,-,,-,\n"
        "copper kettle,https://a.uk/k,200,4(1),,100+,-\n"
        "kettles,,100,-,,-,\n"
    )

    assert (report.format, report.header_row) == ("se_ranking", 2)
    assert values(frame, "query", "volume", "url") == [
        ("copper kettle", 200, "https://a.uk/k"),
        ("kettles", 100, None),
    ]
    assert [(d.row, d.reason, d.text) for d in report.dropped] == [(3, "subtotal of a group", "Kettles")]
    assert (report.rows_read, report.rows_kept) == (3, 2)


def test_moz(load):
    frame, report = load(
        "# -------------------------------------\nList Name,Kettles\nTotal Volume Range,301 - 3000\n"
        "# -------------------------------------\n\n"
        "Keyword,Locale,Min Volume,Max Volume,Difficulty,Organic CTR,Importance,Priority,Date Analyzed\n"
        "copper kettle,en-GB,200,800,34,60,3,50,2026-01-02T03:04:05Z\n"
    )

    assert (report.format, report.header_row) == ("moz", 6)
    assert values(frame, "volume", "volume_low", "volume_high", "volume_is_bucket", "difficulty", "ctr") == [
        (400, 200, 800, True, 34, None)
    ]


def test_answerthepublic(load):
    label = [
        ["Platform:", "Google"],
        ["Search term:", "kettle"],
        ["Language:", "English"],
        ["Country:", "GB"],
    ]
    rows = [
        [
            *["Search Term", "Modifier Type", "Modifier", "Keyword"],
            *["Language", "Country", "Search Vol.", "CPC (US$)"],
        ],
        ["kettle", "Questions", "how", "how to descale a kettle", "English", "GB", "1.0K", 1.2],
        ["kettle", "Related", "-", "how to descale a kettle", "English", "GB", "1.0K", 1.2],
        ["kettle", "Questions", "why", "why does a kettle sing", "English", "GB", "140", "-"],
    ]
    sheets = {
        "Google": [*label, ["Searched on:", "01/02/2026"], [], [], *rows],
        "Gemini": [["This sheet is locked."]],
    }
    frame, report = load(book(sheets), "kettle.xlsx", language=None)

    assert report.header_row == 8
    assert values(frame, "query", "volume", "cpc", "currency", "language", "n_merged") == [
        ("how to descale a kettle", 1000, 1.2, "USD", "en", 2),
        ("why does a kettle sing", 140, None, "USD", "en", 1),
    ]


def test_kwfinder(load):
    header = "Keyword|Avg. Search Volume (Last Known Values)|Avg. Search Volume (Last 12 months)|Location"
    header += "|CPC/USD|PPC|Keyword Difficulty|Search Intent|Serp Features|Search Volume 7/2016"
    rows = ["copper kettle|1,320|300|Spain|0.45|40|12|Informational|Images|10", "pot|-|n/a|Spain||||||"]
    frame, report = load(quoted([header, *rows], ",", "\r\n"))

    assert report.format == "mangools"
    assert values(
        frame, "query", "volume", "cpc", "currency", "competition", "difficulty", "vendor_intent"
    ) == [
        ("copper kettle", 1320, 0.45, "USD", 0.4, 12, "Informational"),
        ("pot", None, None, "USD", None, None, None),
    ]


def test_naver_adds_desktop_and_mobile(load):
    frame, report = load(
        '연관키워드,"월간검색수\nPC",월간검색수(모바일),경쟁정도\n'
        '구리주전자,120,"1,400",높음\n주전자,< 10,40,낮음\n물주전자,< 10,< 10,낮음\n찻주전자,-,-,낮음\n'
    )

    assert report.format == "naver"
    assert values(frame, "query", "volume", "volume_high") == [
        ("구리주전자", 1520, None),
        ("주전자", 40, 50),
        ("물주전자", None, 20),
        ("찻주전자", None, None),
    ]


def test_rate_above_one_without_a_sign_is_percent(load):
    frame, report = load(
        "Запрос,Показы,Клики,CTR,Позиция\nмедный чайник,1000,13,1.3,4\nчайник,1000,5,0.5,6\n"
    )

    assert report.format == "yandex_webmaster"
    assert frame["ctr"].tolist() == pytest.approx([0.013, 0.005])


def test_moz_with_ranges(load):
    frame, report = load(
        "Date Analyzed,Keyword,Locale,Relevance,Volume Range,Difficulty\n"
        "2026-01-02,copper kettle,en-GB,80,118001..300000,34\n2026-01-02,pot,en-GB,80,301-500,20\n"
    )

    assert (report.format, report.vendor) == ("moz_ranges", "Moz")
    assert values(frame, "volume", "volume_low", "volume_high", "volume_is_bucket", "difficulty") == [
        (pytest.approx(188149.67), 118_001, 300_000, True, 34),
        (pytest.approx(387.943), 301, 500, True, 20),
    ]
