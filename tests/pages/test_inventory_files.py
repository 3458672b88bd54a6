"""Page exports in the layouts of the tools that write them: bytes in, exact values out."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from journeyseo.errors import FormatError, InputError
from journeyseo.pages import read_pages

SITE = "https://alder.example"
_SHOWN = (
    "url", "title", "description", "h1", "headings", "text", "status", "indexable", "words", "canonical",
    "clicks", "impressions", "position", "sessions", "lastmod", "schema_types", "outlinks",
)  # fmt: skip


def _read(folder: Path, name: str, data: bytes, **options: Any) -> pd.DataFrame:
    path = folder / name
    path.write_bytes(data)
    return read_pages(path, **options)


def _rows(table: pd.DataFrame, *also: str) -> list[dict[str, Any]]:
    """Return what is known of each page, without the language, which is also found by its words."""
    rows = table[[*_SHOWN, *also]].astype(object).to_dict("records")
    return [{key: value for key, value in row.items() if not pd.isna(value)} for row in rows]


def _dropped(table: pd.DataFrame) -> list[tuple[int | None, str]]:
    return [(d.row, d.reason) for report in table.attrs["reports"] for d in report.dropped]


def _formats(table: pd.DataFrame) -> list[str]:
    return [report.format for report in table.attrs["reports"]]


def _quoted(*rows: tuple[str, ...], delimiter: str = ",", end: str = "\r\n") -> str:
    lines = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return end.join(lines) + end


def _workbook(**sheets: list[list[object]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _zip(**entries: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(f"{name}.csv", text)
    return stream.getvalue()


FROG = (
    "Address", "Content Type", "Status Code", "Status", "Indexability", "Indexability Status", "Title 1",
    "Title 1 Length", "Title 1 Pixel Width", "Meta Description 1", "Meta Description 1 Length", "H1-1",
    "H1-1 Length", "H2-1", "Meta Robots 1", "Canonical Link Element 1", 'rel="next" 1', "Size (bytes)",
    "Word Count", "Crawl Depth", "Inlinks", "Last Modified", "Language", "Crawl Timestamp",
)  # fmt: skip


def _frog(url: str, kind: str, status: str, **cells: str) -> tuple[str, ...]:
    given = {"Address": url, "Content Type": kind, "Status Code": status} | cells
    return tuple(given.get(name, "") for name in FROG)


FROG_ROWS = (
    _frog(
        f"{SITE}/saunas", "text/html; charset=UTF-8", "200", Status="OK", Indexability="Indexable",
        **{
            "Title 1": 'Saunas, the "dry" kind', "Meta Description 1": "Which sauna fits a small garden?",
            "H1-1": "Saunas for gardens", "H2-1": "Size", "Canonical Link Element 1": f"{SITE}/saunas",
            "Word Count": "1204", "Last Modified": "Tue, 10 Mar 2026 08:30:00 GMT", "Language": "en-GB",
        },
    ),
    _frog(f"{SITE}/logo.svg", "image/svg+xml", "200", Status="OK", Indexability="Indexable"),
    _frog(f"{SITE}/old", "text/html", "301", Indexability="Non-Indexable", Status="Moved Permanently"),
    _frog(f"{SITE}/cart", "text/html", "200", Indexability="Non-Indexable", **{"Title 1": "Cart"}),
    _frog("mailto:hello@alder.example", "", "", Indexability="Non-Indexable"),
)  # fmt: skip
FROG_READ = [
    {
        "url": f"{SITE}/saunas", "title": 'Saunas, the "dry" kind', "h1": "Saunas for gardens", "status": 200,
        "description": "Which sauna fits a small garden?", "headings": "Size", "words": 1204.0,
        "indexable": True, "canonical": f"{SITE}/saunas", "lastmod": "2026-03-10",
    },
    {"url": f"{SITE}/cart", "title": "Cart", "status": 200, "indexable": False},
]  # fmt: skip
FROG_DROPPED = [(3, "not HTML (image/svg+xml)"), (4, "status 301"), (6, "not an address")]


@pytest.mark.parametrize(("mark", "end"), [("\ufeff", "\r\n"), ("", "\r\n"), ("\ufeff", "\n")])
def test_screaming_frog_internal_all(tmp_path, mark, end):
    data = (mark + _quoted(FROG, *FROG_ROWS, end=end)).encode()
    table = _read(tmp_path, "internal_all.csv", data)
    assert _rows(table) == FROG_READ
    assert _dropped(table) == FROG_DROPPED
    assert table["language"][0] == "en"
    report = table.attrs["reports"][0]
    assert (report.format, report.described, report.header_row) == ("screaming_frog", "utf-8, comma", 1)
    assert (report.rows_read, report.rows_kept) == (5, 2)
    assert "Title 1 Length" in report.ignored


def test_screaming_frog_workbook(tmp_path):
    numbers = {"Status Code", "Word Count"}
    rows = [
        [int(c) if name in numbers and c else c or None for name, c in zip(FROG, row, strict=True)]
        for row in FROG_ROWS
    ]
    table = _read(tmp_path, "internal_all.xlsx", _workbook(**{"1 - All": [list(FROG), *rows]}))
    assert _rows(table) == FROG_READ
    assert _dropped(table) == FROG_DROPPED
    assert _formats(table) == ["screaming_frog"]


def test_screaming_frog_of_2019_calls_the_type_content(tmp_path):
    header = (
        "Address",
        "Content",
        "Status Code",
        "Status",
        "Title 1",
        "Title 1 Length",
        "H1-1",
        "H1-1 length",
    )
    data = _quoted(
        header,
        (f"{SITE}/a", "text/html; charset=UTF-8", "200", "OK", "Benches", "7", "Our benches", "11"),
        (f"{SITE}/a.css", "text/css", "200", "OK", "", "0", "", "0"),
    )
    table = _read(tmp_path, "internal_html.csv", data.encode())
    assert _rows(table) == [{"url": f"{SITE}/a", "title": "Benches", "h1": "Our benches", "status": 200}]
    assert _dropped(table) == [(3, "not HTML (text/css)")]


def test_screaming_frog_below_a_title_line(tmp_path):
    data = '"Internal - HTML"\r\n' + _quoted(FROG, *FROG_ROWS[:1])
    table = _read(tmp_path, "internal_html.csv", data.encode("utf-8-sig"))
    assert _rows(table) == FROG_READ[:1]
    assert table.attrs["reports"][0].header_row == 2


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [
        (
            "Adresse|Inhaltstyp|Statuscode|Indexierbarkeit|Titel 1|Meta-Beschreibung 1|H1-1|Wortanzahl|"
            "Kanonisches Link-Element 1|Klicks|Impressionen|Position",
            "Indexierbar", "Nicht indexierbar",
        ),
        (
            "Adresse|Type de contenu|Code de réponse|Indexabilité|Titre 1|Meta description 1|H1-1|"
            "Nombre de mots|Lien canonique 1|Clics|Impressions|Position",
            "Indexable", "Non-indexable",
        ),
        (
            "Dirección|Tipo de contenido|Código de respuesta|Indexabilidad|Título 1|Meta description 1|H1-1|"
            "Recuento de palabras|Elemento de enlace canónico 1|Clics|Impresiones|Posición",
            "Indexable", "No indexable",
        ),
        (
            "Indirizzo|Tipo di contenuto|Codice di risposta|Indicizzabilità|Titolo 1|Meta descrizione 1|H1-1|"
            "Conteggio parole|Elemento link canonico 1|Clic|Impressioni|Posizione",
            "Indicizzabile", "Non indicizzabile",
        ),
        (
            "Endereço|Tipo de conteúdo|Código de resposta|Indexabilidade|Título 1|Meta descrição 1|H1-1|"
            "Contagem de palavras|Elemento de link canônico 1|Cliques|Impressões|Posição",
            "Indexável", "Não indexável",
        ),
    ],
    ids=["de", "fr", "es", "it", "pt"],
)  # fmt: skip
def test_screaming_frog_in_other_languages(tmp_path, header, yes, no):
    names = tuple(header.split("|"))
    data = _quoted(
        names,
        (
            f"{SITE}/a", "text/html; charset=utf-8", "200", yes, "Öfen", "Text", "Kopf", "1.204", f"{SITE}/a",
            "12", "1.300", "4,25",
        ),
        (f"{SITE}/b", "text/html", "200", no, "Korb", "", "", "80", "", "0", "7", "80,5"),
        (f"{SITE}/c", "text/html", "404", no, "", "", "", "0", "", "", "", ""),
        (f"{SITE}/d.js", "application/javascript", "200", no, "", "", "", "", "", "", "", ""),
    )  # fmt: skip
    table = _read(tmp_path, "intern_alle.csv", data.encode("utf-8-sig"))
    assert _rows(table) == [
        {
            "url": f"{SITE}/a", "title": "Öfen", "description": "Text", "h1": "Kopf", "status": 200,
            "indexable": True, "words": 1204.0, "canonical": f"{SITE}/a", "clicks": 12.0,
            "impressions": 1300.0, "position": 4.25,
        },
        {
            "url": f"{SITE}/b", "title": "Korb", "status": 200, "indexable": False, "words": 80.0,
            "clicks": 0.0, "impressions": 7.0, "position": 80.5,
        },
    ]  # fmt: skip
    assert _dropped(table) == [(4, "status 404"), (5, "not HTML (application/javascript)")]
    assert _formats(table) == ["screaming_frog_local"]


def test_screaming_frog_page_titles(tmp_path):
    data = _quoted(
        ("Address", "Occurrences", "Title 1", "Title 1 Length", "Indexability", "Indexability Status"),
        (f"{SITE}/a", "1", "Ladles", "6", "Indexable", ""),
        (f"{SITE}/b", "1", "Ladles", "6", "Non-Indexable", "Canonicalised"),
    )
    table = _read(tmp_path, "page_titles_all.csv", data.encode("utf-8-sig"))
    assert _rows(table) == [
        {"url": f"{SITE}/a", "title": "Ladles", "indexable": True},
        {"url": f"{SITE}/b", "title": "Ladles", "indexable": False},
    ]
    assert _formats(table) == ["screaming_frog_tab"]


def test_sitebulb(tmp_path):
    data = (
        "\ufeffURL,Scheme,HTTP Status Code,HTTP Status,Content Type,Title,Title Length,Meta Description,H1,"
        "No. H1s,No. Content Words,No. Template Words,No. Words,Reading Time (mm:ss),Indexable Status,"
        "Crawl Depth,Crawl Source,First Parent URL\r\n"
        f'{SITE}/,https,200,OK,HTML,"Alder, saunas",13,Not Found,Saunas,1,412,90,502,1:39,Indexable,0,'
        "Crawler,\r\n"
        f"{SITE}/x,https,301,Moved Permanently,HTML,Not Found,0,Not Found,Not Found,0,0,0,0,0:00,Redirects,1,"
        f"Crawler,{SITE}/\r\n"
        f"{SITE}/y,https,200,OK,HTML,Heat,4,Dry heat,Not Found,0,20,90,110,0:05,Noindex,1,Crawler,{SITE}/\r\n"
        f"{SITE}/z.png,https,200,OK,Image,Not Found,0,Not Found,Not Found,0,0,0,0,0:00,Indexable,1,"
        f"Crawler,{SITE}/\r\n"
    )
    table = _read(tmp_path, "urls.csv", data.encode())
    assert _rows(table) == [
        {
            "url": f"{SITE}/", "title": "Alder, saunas", "h1": "Saunas", "status": 200, "indexable": True,
            "words": 412.0,
        },
        {
            "url": f"{SITE}/y", "title": "Heat", "description": "Dry heat", "status": 200,
            "indexable": False, "words": 20.0,
        },
    ]  # fmt: skip
    assert _dropped(table) == [(3, "status 301"), (5, "not HTML (image)")]
    assert _formats(table) == ["sitebulb"]


GA4 = """\
# ----------------------------------------
# Landing page: Landing page
# Account: Alder
# Property: Alder web
# ----------------------------------------
#{blank}
# All Users
# Start date: 20260201
# End date: 20260430
Landing page,Sessions,Active users,New users,Average engagement time per session,Key events,Total revenue
/saunas,845,811,799,19.059171597633135,4,0
/guides/heat-your-sauna,120,118,100,61.5,1,0
(not set),31,30,4,0.5,0,0
,12,12,12,0.2,0,0
(other),9,9,9,1.5,0,0
"""


def test_analytics_landing_pages(tmp_path):
    table = _read(tmp_path, "Landing_page_Landing_page.csv", GA4.format(blank=" ").encode())
    assert _rows(table) == [
        {"url": "/saunas", "sessions": 845.0},
        {"url": "/guides/heat-your-sauna", "sessions": 120.0},
    ]
    assert _dropped(table) == [
        (13, "no address"),
        (14, "no address"),
        (15, "the rest of the pages in one row"),
    ]
    report = table.attrs["reports"][0]
    assert (report.format, report.header_row, report.rows_read, report.rows_kept) == ("ga4_pages", 10, 5, 2)
    assert table["sessions"].tolist() == [845, 120]
    assert report.ignored[0] == "Active users"
    assert (report.columns["sessions"], report.ignored[0]) == ("Sessions", "Active users")


def test_analytics_paths_stand_on_the_base_url(tmp_path):
    data = GA4.format(blank=" ").replace("\n", "\r\n").encode()
    table = _read(tmp_path, "Landing_page_Landing_page.csv", data, base_url=SITE)
    assert table["url"].tolist() == [f"{SITE}/saunas", f"{SITE}/guides/heat-your-sauna"]


def test_analytics_exploration_has_totals_first(tmp_path):
    data = (
        "# ----------------------------------------\n# Alder web\n# Pages-Tab 1\n# 20260101-20260331\n"
        "# ----------------------------------------\n\n"
        "Page path + query string,Total users,Sessions,Key events,Bounce rate,Exits\n"
        ",13789,16244,9914,0.2785,14145,Grand total\n"
        "/saunas?size=2,760,761,746,0.0144,34\n/ladles,10,12,0,0.5,6\n"
    )
    table = _read(tmp_path, "export.csv", data.encode())
    assert _rows(table) == [
        {"url": "/saunas?size=2", "sessions": 761.0},
        {"url": "/ladles", "sessions": 12.0},
    ]
    assert _dropped(table) == [(8, "a row of totals")]
    assert table.attrs["reports"][0].header_row == 7


def test_analytics_overview_holds_many_tables(tmp_path):
    data = (
        "# Report CSV Export\r\n# Account: Alder\r\n# Property: Alder web\r\n\r\n"
        "# Active users over time\r\n# Start date: 20260201\r\n# End date: 20260430\r\n"
        "Nth week,Active users\r\n0000,40\r\n0001,55\r\n\r\n"
        "# Organic search by landing page\r\n# Start date: 20260201\r\n# End date: 20260430\r\n"
        "Landing page + query string,Organic Google Search clicks,Organic Google Search impressions,"
        "Organic Google Search click through rate,Organic Google Search average position\r\n"
        "/saunas,41,1200,0.034,6.25\r\n/ladles,0,75,0,31\r\n\r\n"
        "# Events\r\n# Start date: 20260201\r\n# End date: 20260430\r\n"
        "Event name,Event count\r\npage_view,900\r\n"
    )
    table = _read(tmp_path, "data-export.csv", data.encode())
    assert _rows(table) == [
        {"url": "/saunas", "clicks": 41.0, "impressions": 1200.0, "position": 6.25},
        {"url": "/ladles", "clicks": 0.0, "impressions": 75.0, "position": 31.0},
    ]
    report = table.attrs["reports"][0]
    assert (report.format, report.header_row, report.rows_read) == ("ga4_search_pages", 15, 2)
    assert report.notes == ("3 other tables in it without addresses of pages",)
    assert _dropped(table) == []


def test_analytics_overview_in_french(tmp_path):
    data = (
        "# Instantané des rapports\n# Compte : Alder\n# Propriété : Alder web\n\n"
        "# Utilisateurs\n# Date de début : 20260201\n# Date de fin : 20260430\n"
        "Nième semaine,Utilisateurs actifs\n0000,40\n\n"
        "# Pages\n# Date de début : 20260201\n# Date de fin : 20260430\n"
        "Page de destination + chaîne de requête,Impressions dans la recherche naturelle Google\n/saunas,75\n"
    )
    table = _read(tmp_path, "data-export.csv", data.encode())
    assert _rows(table) == [{"url": "/saunas", "impressions": 75.0}]
    assert _formats(table) == ["ga4_search_pages"]


def test_analytics_api_answer(tmp_path):
    def cells(*values):
        return [{"value": value} for value in values]

    answer = {
        "dimensionHeaders": [{"name": "landingPage"}],
        "metricHeaders": [{"name": "sessions"}, {"name": "organicGoogleSearchClicks"}],
        "rows": [
            {"dimensionValues": cells("/saunas"), "metricValues": cells("845", "41")},
            {"dimensionValues": cells("(other)"), "metricValues": cells("9", "1")},
        ],
        "rowCount": 2,
    }
    for indent in (None, 2):
        table = _read(tmp_path, "answer.json", json.dumps(answer, indent=indent).encode())
        assert _rows(table) == [{"url": "/saunas", "clicks": 41.0, "sessions": 845.0}]
        assert _dropped(table) == [(3, "the rest of the pages in one row")]


def test_search_console_api_answer_with_pages(tmp_path):
    rows = [{"keys": [f"{SITE}/a"], "clicks": 3.0, "impressions": 10.0, "ctr": 0.3, "position": 2.5}]
    for indent in (None, 2):
        data = json.dumps({"rows": rows, "responseAggregationType": "byPage"}, indent=indent).encode()
        assert _rows(_read(tmp_path, "answer.json", data)) == [
            {"url": f"{SITE}/a", "clicks": 3.0, "impressions": 10.0, "position": 2.5}
        ]


def test_analytics_titles_without_paths_are_refused(tmp_path):
    data = (
        "# ---\n# All Users\n# Start date: 20260201\nPage title and screen class,Views\nSaunas | Alder,40\n"
    )
    with pytest.raises(FormatError, match="No column of pages was found"):
        _read(tmp_path, "Pages_and_screens.csv", data.encode())


CONSOLE = {
    "en": ("Top pages", "Clicks,Impressions,CTR,Position"),
    "fr": ("Pages les plus populaires", "Clics,Impressions,CTR,Position"),
    "es": ("Páginas principales", "Clics,Impresiones,CTR,Posición"),
    "pt": ("Principais páginas", "Cliques,Impressões,CTR,Posição"),
    "de": ("Die häufigsten Seiten", "Klicks,Impressionen,CTR,Position"),
    "it": ("Pagine principali", "Clic,Impressioni,CTR,Posizione"),
    "ru": ("Самые популярные страницы", "Клики,Показы,CTR,Позиция"),
    "ja": ("上位のページ", "クリック数,表示回数,CTR,掲載順位"),
    "zh-CN": ("排名靠前的网页", "点击次数,展示,点击率,排名"),
    "zh-TW": ("熱門網頁", "點擊,曝光,點閱率,排名"),
}
CONSOLE_READ = [
    {"url": f"{SITE}/saunas", "clicks": 5483.0, "impressions": 34571.0, "position": 1.46},
    {"url": f"{SITE}/ladles", "clicks": 0.0, "impressions": 9.0, "position": 71.2},
]


@pytest.mark.parametrize("language", CONSOLE)
def test_search_console_pages(tmp_path, language):
    key, metrics = CONSOLE[language]
    data = f"{key},{metrics}\n{SITE}/saunas,5483,34571,15.86%,1.46\n{SITE}/ladles,0,9,0%,71.2"
    table = _read(tmp_path, "Pages.csv", data.encode())
    assert _rows(table) == CONSOLE_READ
    assert _formats(table) == ["gsc_pages"]
    assert _dropped(table) == []


@pytest.mark.parametrize(
    "header",
    [
        "Populairste pagina's,Klikken,Vertoningen,CTR,Positie",
        "Strony,Kliknięcia,Wyświetlenia,CTR,Pozycja",
        "En popüler sayfalar,Tıklama,Görüntüleme,CTR,Ortalama konum",
    ],
    ids=["nl", "pl", "tr"],
)
def test_search_console_pages_whose_name_is_unknown(tmp_path, header):
    data = f"{header}\n{SITE}/saunas,5483,34571,15.86%,1.46\n{SITE}/ladles,0,9,0%,71.2"
    table = _read(tmp_path, "Pages.csv", data.encode())
    assert _rows(table) == CONSOLE_READ


def test_search_console_zip_with_its_other_tables(tmp_path):
    data = _zip(
        **{
            "Gr+ífico": "Fecha,Clics,Impresiones,CTR,Posición\n2026-05-11,0,0,,\n2026-05-12,4,40,10%,3",
            "Consultas": "Consultas principales,Clics,Impresiones,CTR,Posición\nsauna de jardín,4,40,10%,3",
            "P+íginas": "Páginas principales,Clics,Impresiones,CTR,Posición\n"
            f"{SITE}/saunas,5483,34571,15.86%,1.46\n{SITE}/ladles,0,9,0%,71.2",
            "Países": "País,Clics,Impresiones,CTR,Posición\nEspaña,4,40,10%,3",
            "Filtros": "Filtrar,Valor\nTipo de búsqueda,Web",
        }
    )
    table = _read(tmp_path, "https___alder.example_-Performance-on-Search-2026-05-30.zip", data)
    assert _rows(table) == CONSOLE_READ
    report = table.attrs["reports"][0]
    assert report.source.endswith("zip:P+íginas.csv")
    assert report.notes == ("4 other tables in it without addresses of pages",)


def test_search_console_workbook(tmp_path):
    metrics = ["Clicks", "Impressions", "CTR", "Position"]
    data = _workbook(
        Chart=[["Date", *metrics], ["2026-05-11", 3.0, 30.0, 0.1, 4.5]],
        Queries=[["Top queries", *metrics], ["garden sauna", 3.0, 30.0, 0.1, 4.5]],
        Pages=[
            ["Top pages", *metrics],
            [f"{SITE}/saunas", 5483.0, 34571.0, 0.1586, 1.46],
            [f"{SITE}/ladles", 0.0, 9.0, 0.0, 71.2],
        ],
    )
    table = _read(tmp_path, "performance.xlsx", data)
    assert _rows(table) == CONSOLE_READ
    assert table["source"].unique().tolist() == ["performance.xlsx:Pages"]


def test_search_console_comparison_takes_the_current_period(tmp_path):
    now, then = "10/1/25 - 12/31/25", "10/1/24 - 12/31/24"
    names = [
        f"{period} {name}" for name in ("Clicks", "Impressions", "CTR", "Position") for period in (now, then)
    ]
    data = (
        f"Top pages,{','.join(names)}\n{SITE}/saunas,5483,40,34571,800,15.86%,5%,1.46,3.5\n"
        f"{SITE}/gone,0,12,0,90,0%,13.3%,0,6.2\n"
    )
    table = _read(tmp_path, "Pages.csv", data.encode())
    assert _rows(table) == [CONSOLE_READ[0], {"url": f"{SITE}/gone", "clicks": 0.0, "impressions": 0.0}]
    assert _formats(table) == ["gsc_pages_comparison"]


def test_search_console_pages_that_are_cut_off_say_so(tmp_path):
    lines = [f"{SITE}/p{n},1,10,10%,5" for n in range(1_000)]
    data = "\n".join(["Top pages,Clicks,Impressions,CTR,Position", *lines])
    table = _read(tmp_path, "Pages.csv", data.encode())
    assert len(table) == 1_000
    assert table.attrs["reports"][0].notes[0].startswith("exactly 1,000 rows")


def test_universal_analytics_leaves_out_its_totals(tmp_path):
    data = (
        "Page,Pageviews,Unique Pageviews,Avg. Time on Page,Entrances,Bounce Rate,% Exit,Page Value\n"
        "/saunas,100,80,00:01:23,60,40.00%,20.00%,0\n,100,80,00:01:23,60,40.00%,20.00%,0\n"
    )
    table = _read(tmp_path, "Dataset1.csv", data.encode())
    (report,) = table.attrs["reports"]

    assert table[["url", "sessions"]].to_numpy().tolist() == [["/saunas", 60]]
    assert _formats(table) == ["ua_pages"]
    assert (report.rows_read, report.rows_kept) == (2, 1)


def test_looker_studio(tmp_path):
    data = (
        "Landing Page,Url Clicks,Impressions,URL CTR,Average Position\n"
        f"{SITE}/saunas,5483,34571,0.15860114,1.4600000001\n{SITE}/ladles,0,9,0,71.2\n"
    )
    table = _read(tmp_path, "report.csv", data.encode())
    assert _rows(table) == [CONSOLE_READ[0] | {"position": 1.4600000001}, CONSOLE_READ[1]]
    assert _formats(table) == ["looker_pages"]


def test_semrush_site_audit(tmp_path):
    header = [
        "Page URL", "Page Title", "ILR", "Raw ILR", "Unique Pageviews", "Crawl Depth", "HTTP Status Code",
        "Hreflang Links",
    ]  # fmt: skip
    data = _workbook(
        Sheet0=[
            header,
            [f"{SITE}/saunas", "Saunas for gardens", "87", "0.0021", "n/a", "1", "200", "-"],
            [f"{SITE}/old", "-", "-", "-", "n/a", "2", "301", "-"],
            [f"{SITE}/ladles", "-", "12", "0.0001", "n/a", "2", "200", "-"],
        ]
    )
    table = _read(tmp_path, "alder.example_pages_20260301.xlsx", data)
    assert _rows(table) == [
        {"url": f"{SITE}/saunas", "title": "Saunas for gardens", "status": 200},
        {"url": f"{SITE}/ladles", "status": 200},
    ]
    assert _dropped(table) == [(3, "status 301")]
    assert _formats(table) == ["semrush_audit"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_ahrefs_top_pages(tmp_path, encoding):
    rows = (
        (
            "URL", "UR", "Traffic", "Traffic value", "Referring domains", "Keywords", "Top keyword",
            "Top keyword: Volume", "Top keyword: Position",
        ),
        (f"{SITE}/saunas", "14", "530", "12000", "21", "88", "garden sauna", "900", "3"),
        (f"{SITE}/ladles", "2", "0", "0", "", "1", "sauna ladle", "150", "41"),
    )  # fmt: skip
    data = _quoted(*rows, delimiter="\t" if encoding == "utf-16" else ",", end="\n").encode(encoding)
    table = _read(tmp_path, "alder.example-top-pages-subdomains.csv", data)
    assert _rows(table) == [{"url": f"{SITE}/saunas"}, {"url": f"{SITE}/ladles"}]
    report = table.attrs["reports"][0]
    assert report.format == "ahrefs_top_pages"
    assert report.described == ("utf-16, tab" if encoding == "utf-16" else "utf-8, comma")
    assert "Traffic" in report.ignored


def test_ahrefs_site_audit(tmp_path):
    rows = (
        (
            "PR", "URL", "Organic traffic", "HTTP status code", "Depth", "Content type", "Is indexable page",
            "Title", "Title length", "Meta description", "H1", "H2", "No. of content words", "Canonical URL",
            "Canonical URL code",
        ),
        (
            "40", f"{SITE}/saunas", "530", "200", "1", "text/html", "true", "Saunas «öpp»", "12",
            "Which one?", "Saunas", "Size", "1412", f"{SITE}/saunas", "200",
        ),
        ("3", f"{SITE}/cart", "0", "200", "1", "text/html", "false", "Cart", "4", "", "", "", "31", "", ""),
        ("1", f"{SITE}/gone", "0", "404", "2", "text/html", "false", "", "", "", "", "", "", "", ""),
    )  # fmt: skip
    data = _quoted(*rows, delimiter="\t", end="\n").encode("utf-16")
    table = _read(tmp_path, "alder_09-mar-2026_all-pages_2026-03-09.csv", data)
    assert _rows(table) == [
        {
            "url": f"{SITE}/saunas", "title": "Saunas «öpp»", "description": "Which one?", "h1": "Saunas",
            "headings": "Size", "status": 200, "indexable": True, "words": 1412.0,
            "canonical": f"{SITE}/saunas",
        },
        {"url": f"{SITE}/cart", "title": "Cart", "status": 200, "indexable": False, "words": 31.0},
    ]  # fmt: skip
    assert _dropped(table) == [(4, "status 404")]
    assert _formats(table) == ["ahrefs_audit"]


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.csv", f"URL,Title\n{SITE}/a,Saunas\n".encode(), "Saunas"),
        ("a.tsv", f"Permalink\tTitle\tStatus\n{SITE}/a\tSaunas\tpublish\n".encode(), "Saunas"),
        ("a.csv", f"Titel;Seite\nÖfen;{SITE}/a\n".encode("cp1252"), "Öfen"),
        ("a.csv", f"网页标题,网址\n桑拿房,{SITE}/a\n".encode("gb18030"), "桑拿房"),
        ("a.csv", f"title|where it is\nSaunas|{SITE}/a\n".encode(), "Saunas"),
        ("a.csv", f"Ссылка;Title\n{SITE}/a;Saunas\n".encode("cp1251"), "Saunas"),
        ("a.csv", f"sep=;\ntitle;address\nSaunas;{SITE}/a\n".encode(), "Saunas"),
        ("a.csv.gz", gzip.compress(f"url,title\n{SITE}/a,Saunas\n".encode()), "Saunas"),
    ],
    ids=["csv", "tsv", "cp1252", "gb18030", "by values", "by values, cp1251", "sep", "gzip"],
)
def test_any_table_with_a_column_of_addresses(tmp_path, name, data, expected):
    table = _read(tmp_path, name, data)
    assert _rows(table) == [{"url": f"{SITE}/a", "title": expected}]


def test_a_list_of_addresses(tmp_path):
    table = _read(
        tmp_path,
        "urls.txt",
        f"\ufeff{SITE}/a\r\n{SITE}/b?x=1\r\n\r\nnothing\r\n{SITE}/c\r\n{SITE}/d\r\n".encode(),
    )
    assert _rows(table) == [
        {"url": f"{SITE}/a"},
        {"url": f"{SITE}/b?x=1"},
        {"url": f"{SITE}/c"},
        {"url": f"{SITE}/d"},
    ]
    assert _dropped(table) == [(4, "not an address")]
    assert (table.attrs["reports"][0].rows_read, _formats(table)) == (5, ["address_list"])


def test_a_table_without_a_header_is_refused(tmp_path):
    with pytest.raises(FormatError, match="No column of pages was found") as caught:
        _read(tmp_path, "urls.csv", f"{SITE}/a,Saunas\n{SITE}/b,Ladles\n".encode())
    assert "Expected a header" in caught.value.hint


def test_drafts_of_a_content_table_are_no_pages(tmp_path):
    data = f"Permalink,Title,Status\n{SITE}/a,Saunas,publish\n{SITE}/?p=7,Later,draft\n"
    table = _read(tmp_path, "posts.csv", data.encode())
    assert _rows(table) == [{"url": f"{SITE}/a", "title": "Saunas"}]
    assert _dropped(table) == [(3, "not published (draft)")]


def test_addresses_of_people_are_no_pages(tmp_path):
    data = "Name,Address\nA. Alder,12 Birch Street\nB. Birch,7 Alder Road\n"
    with pytest.raises(FormatError, match=r"No page was found \(first rows dropped: not an address"):
        _read(tmp_path, "customers.csv", data.encode())


def _wxr(*items: str, head: str = "", version: str = "1.2", scheme: str = "http") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8" ?>\n{head}<!-- made by hand -->\n<rss version="2.0"\n'
        f' xmlns:excerpt="{scheme}://wordpress.org/export/{version}/excerpt/"\n'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"\n'
        f' xmlns:wp="{scheme}://wordpress.org/export/{version}/">\n<channel>\n<title>Alder</title>\n'
        f"<link>{SITE}</link>\n<language>en-GB</language>\n" + "\n".join(items) + "\n</channel>\n</rss>\n"
    ).encode()


def _item(
    path: str, title: str, kind: str = "post", status: str = "publish", body: str = "", more: str = ""
) -> str:
    return (
        f"<item><title>{title}</title><link>{SITE}{path}</link>"
        "<pubDate>Tue, 03 Feb 2026 09:00:00 +0000</pubDate>"
        f"<content:encoded><![CDATA[{body}]]></content:encoded>"
        f"<wp:post_date>2026-02-03 10:00:00</wp:post_date><wp:status>{status}</wp:status>"
        f"<wp:post_type><![CDATA[{kind}]]></wp:post_type>{more}</item>"
    )


BODY = (
    "<!-- wp:heading --><h2>How large?</h2><!-- /wp:heading -->\n"
    "<p>Two people need <b>four</b> square metres.</p>"
    '<script>alert(1)</script>[gallery ids="1,2"]<p>See <a href="/ladles#top">ladles</a>.</p>'
)
BODY_READ = {
    "headings": "How large?", "words": 10.0, "outlinks": f"{SITE}/ladles",
    "text": "How large?\nTwo people need four square metres.\nSee ladles.",
}  # fmt: skip


@pytest.mark.parametrize(("version", "scheme"), [("1.2", "http"), ("1.1", "https"), ("1.0", "http")])
def test_wordpress_export(tmp_path, version, scheme):
    meta = (
        "<wp:postmeta><wp:meta_key>_yoast_wpseo_metadesc</wp:meta_key>"
        "<wp:meta_value><![CDATA[Which sauna fits?]]></wp:meta_value></wp:postmeta>"
    )
    hidden = (
        "<wp:postmeta><wp:meta_key>_yoast_wpseo_meta-robots-noindex</wp:meta_key>"
        "<wp:meta_value>1</wp:meta_value></wp:postmeta>"
    )
    data = _wxr(
        _item("/saunas/", "Saunas &amp; benches", body=BODY, more=meta),
        _item(
            "/about/", "<![CDATA[About &amp; more]]>", "page",
            more="<excerpt:encoded><![CDATA[<p>Who we are.</p>]]></excerpt:encoded>"
            "<wp:post_modified>2026-04-05 06:07:08</wp:post_modified>" + hidden,
        ),
        _item("/?p=9", "Later", status="draft"),
        _item("/logo/", "logo", "attachment", "inherit"),
        _item("/?p=11", "", "nav_menu_item"),
        _item("/secret/", "Secret", more="<wp:post_password>x</wp:post_password>"),
        version=version, scheme=scheme,
    )  # fmt: skip
    table = _read(tmp_path, "alder.WordPress.2026-05-01.xml", data)
    assert _rows(table) == [
        {
            "url": f"{SITE}/saunas/", "title": "Saunas & benches", "description": "Which sauna fits?",
            "indexable": True, "lastmod": "2026-02-03", **BODY_READ,
        },
        {
            "url": f"{SITE}/about/", "title": "About & more", "description": "Who we are.",
            "indexable": False, "lastmod": "2026-04-05",
        },
    ]  # fmt: skip
    assert table["language"].tolist() == ["en", "en"]
    assert [reason for _, reason in _dropped(table)] == [
        "not published (draft)",
        "not a post or page (attachment)",
        "not a post or page (nav_menu_item)",
        "needs a password",
    ]
    report = table.attrs["reports"][0]
    assert (report.format, report.vendor, report.rows_read, report.rows_kept) == (
        "wordpress",
        "WordPress",
        6,
        2,
    )
    assert _dropped(table)[0][0] == 14


def test_wordpress_com_packs_its_exports(tmp_path):
    parts = [
        _wxr(_item("/a/", "A", body="<p>Benches.</p>")),
        _wxr(_item("/b/", "B"), _item("/c/", "C", status="draft")),
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, part in enumerate(parts, 1):
            archive.writestr(f"alder/alder.wordpress.00{number}.xml", part)
        archive.writestr("__MACOSX/alder/._alder.wordpress.001.xml", b"\x00\x05")
    table = _read(tmp_path, "alder.wordpress.com-2026-05-01.zip", out.getvalue())
    assert table["url"].tolist() == [f"{SITE}/a/", f"{SITE}/b/"]
    assert [(r.format, r.rows_read, r.rows_kept) for r in table.attrs["reports"]] == [
        ("wordpress", 1, 1), ("wordpress", 2, 1),
    ]  # fmt: skip


def test_wordpress_export_with_signs_that_xml_forbids(tmp_path):
    data = _wxr(_item("/a/", "Sau\x0bnas", body="One\x03 two."), _item("/b/", "Ladles"))
    table = _read(tmp_path, "alder.xml", data)
    assert table["url"].tolist() == [f"{SITE}/a/", f"{SITE}/b/"]
    assert table["title"].tolist() == ["Saunas", "Ladles"]
    assert "the XML is damaged in line" in table.attrs["reports"][0].notes[0]


RSS = f"""\
<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>Alder</title><link>{SITE}/</link><atom:link href="{SITE}/feed/" rel="self"/><language>de-AT</language>
<item><media:title>a picture</media:title><title>Öfen &amp;amp; Bänke</title>
<link>{SITE}/ofen?utm_source=rss</link><pubDate>Tue, 03 Feb 2026 23:30:00 -0800</pubDate>
<guid isPermaLink="false">7</guid>
<description><![CDATA[<p>Welcher <em>Ofen</em>&nbsp;passt?</p>]]></description>
<content:encoded><![CDATA[{BODY}]]></content:encoded></item>
<item><title>Nur ein Kennzeichen</title><guid>{SITE}/kennzeichen</guid></item>
<item><title>Ohne Adresse</title><guid isPermaLink="false">{SITE}/nein</guid></item>
</channel></rss>"""


def test_rss(tmp_path):
    table = _read(tmp_path, "feed.xml", RSS.encode())
    assert _rows(table) == [
        {
            "url": f"{SITE}/ofen", "title": "Öfen & Bänke", "description": "Welcher Ofen passt?",
            "lastmod": "2026-02-03", **BODY_READ,
        },
        {"url": f"{SITE}/kennzeichen", "title": "Nur ein Kennzeichen"},
    ]  # fmt: skip
    assert table["language"].tolist() == ["de", "de"]
    assert _dropped(table) == [(12, "no address")]
    report = table.attrs["reports"][0]
    assert (report.format, report.rows_read, report.rows_kept) == ("rss", 3, 2)
    assert "the latest pages only" in report.notes[0]


def test_rss_1(tmp_path):
    data = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><link>{SITE}</link><dc:language>ja</dc:language></channel>'
        f"<item><title>サウナ室</title><link>{SITE}/sauna</link><dc:date>2026-03-04T05:06:07+09:00</dc:date></item></rdf:RDF>"
    )
    table = _read(tmp_path, "index.rdf", data.encode())
    assert _rows(table) == [{"url": f"{SITE}/sauna", "title": "サウナ室", "lastmod": "2026-03-04"}]
    assert (table["language"].tolist(), _formats(table)) == (["ja"], ["rss_1"])


def test_atom(tmp_path):
    data = f"""\
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Alder</title><link href="{SITE}/"/>
<entry><title type="html">Saunas &lt;b&gt;old&lt;/b&gt;</title><link rel="edit" href="{SITE}/edit/1"/>
<link rel="alternate" type="text/html" href="{SITE}/saunas"/><updated>2026-02-03T04:05:06Z</updated>
<published>2026-01-01T00:00:00Z</published><summary>Steam &lt; heat</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><h2>How large?</h2>
<p>Four <b>square</b> metres.</p></div></content></entry>
<entry xml:lang="fr"><title>Louches</title><link href="{SITE}/louches"/>
<published>2026-01-02T00:00:00Z</published></entry>
<entry><title>Nowhere</title><link rel="self" href="{SITE}/x"/></entry></feed>"""
    table = _read(tmp_path, "atom.xml", data.encode())
    assert _rows(table) == [
        {
            "url": f"{SITE}/saunas", "title": "Saunas old", "description": "Steam < heat",
            "headings": "How large?", "lastmod": "2026-02-03", "words": 5.0,
            "text": "How large?\nFour square metres.",
        },
        {"url": f"{SITE}/louches", "title": "Louches", "lastmod": "2026-01-02"},
    ]  # fmt: skip
    assert table["language"].tolist() == ["en", "fr"]
    assert _dropped(table) == [(9, "no address")]
    assert _formats(table) == ["atom"]


SITEMAP = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
 xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>
  {SITE}/saunas?a=1&amp;b=2 </loc><lastmod>2026-02-03T10:00:00+01:00</lastmod><priority>0.8</priority>
<xhtml:link rel="alternate" hreflang="de-AT" href="{SITE}/at/saunas"/>
<xhtml:link rel="alternate" hreflang="x-default" href="{SITE}/saunas?a=1&amp;b=2"/>
<xhtml:link rel="alternate" hreflang="fr-FR" href="{SITE}/saunas?a=1&amp;b=2"/></url>
<url><loc>{SITE}/news/steam</loc><news:news><news:publication><news:name>Alder</news:name>
<news:language>pt</news:language></news:publication>
<news:publication_date>2026-05-06T07:08:09Z</news:publication_date>
<news:title>Vapor &amp; calor</news:title></news:news></url>
<url><loc>{SITE}/film</loc>
<image:image><image:loc>{SITE}/film.jpg</image:loc><image:title>A picture</image:title></image:image>
<video:video><video:title>A film</video:title><video:content_loc>None</video:content_loc></video:video></url>
<url><loc>/relative</loc></url><url><loc/></url></urlset>"""
SITEMAP_READ = [
    {"url": f"{SITE}/saunas?a=1&b=2", "lastmod": "2026-02-03"},
    {"url": f"{SITE}/news/steam", "title": "Vapor & calor", "lastmod": "2026-05-06"},
    {"url": f"{SITE}/film"},
]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("sitemap.xml", SITEMAP.encode()),
        ("sitemap.xml.gz", gzip.compress(SITEMAP.encode())),
        ("sitemap.xml.gz", SITEMAP.encode()),
        ("sitemap.xml", SITEMAP.replace("UTF-8", "UTF-16").encode("utf-16")),
        ("sitemap.xml", SITEMAP.replace('<?xml version="1.0" encoding="UTF-8"?>', "\ufeff").encode()),
        (
            "sitemap.xml",
            SITEMAP.replace("www.sitemaps.org/schemas/sitemap/0.9", "other.example/0.84").encode(),
        ),
    ],
    ids=["plain", "gzip", "gzip by name only", "utf-16", "no declaration", "other namespace"],
)
def test_saved_sitemap(tmp_path, name, data):
    table = _read(tmp_path, name, data)
    assert _rows(table) == SITEMAP_READ
    assert table["language"].tolist()[:2] == ["fr", "pt"]
    assert [reason for _, reason in _dropped(table)] == ["not an address", "no address"]
    report = table.attrs["reports"][0]
    assert (report.format, report.rows_read, report.rows_kept) == ("sitemap", 5, 3)


def test_saved_index_of_sitemaps_is_refused_with_its_files(tmp_path):
    entries = "".join(f"<sitemap><loc>{SITE}/s{n}.xml</loc></sitemap>" for n in range(5))
    data = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'
    with pytest.raises(FormatError, match="index of 5 sitemaps") as caught:
        _read(tmp_path, "sitemap.xml.gz", gzip.compress(data.encode()))
    assert f"{SITE}/s0.xml" in caught.value.message
    assert "web address of the index" in caught.value.hint


@pytest.mark.parametrize("end", ["<url><loc>https://alder.exam", f"<url><loc>{SITE}/b</loc>", ""])
def test_an_entry_in_which_a_sitemap_breaks_off_is_left_out(tmp_path, end):
    table = _read(tmp_path, "sitemap.xml", f"<urlset><url><loc>{SITE}/a</loc></url>{end}".encode())
    assert table["url"].tolist() == [f"{SITE}/a"]
    assert table.attrs["reports"][0].notes == ("the XML is damaged in line 1; what can be read is used",)


@pytest.mark.parametrize("kind", ["wxr", "rss", "sitemap"])
def test_entities_are_not_read(tmp_path, kind):
    secret = tmp_path / "secret.txt"
    secret.write_text("topsecret")
    head = f'<!DOCTYPE x [<!ENTITY own "lol"><!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    data = {
        "wxr": _wxr(_item("/a/", "T &own; &s;"), head=head),
        "rss": (
            f"{head}<rss><channel><item><title>T &own; &s;</title><link>{SITE}/a/</link></item>"
            "</channel></rss>"
        ).encode(),
        "sitemap": f"{head}<urlset><url><loc>{SITE}/a/</loc><lastmod>&own;</lastmod></url></urlset>".encode(),
    }[kind]
    table = _read(tmp_path, "x.xml", data)
    assert table["url"].tolist() == [f"{SITE}/a/"]
    assert "topsecret" not in table.to_csv()
    assert "lol" not in table.to_csv()


def test_entities_that_grow_are_refused_or_left_as_they_are(tmp_path):
    levels = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    head = f'<!DOCTYPE x [<!ENTITY e0 "lol">{levels}]>'
    data = f"{head}<rss><channel><item><title>T &e9;</title><link>{SITE}/a/</link></item></channel></rss>"
    with contextlib.suppress(FormatError):
        assert len(_read(tmp_path, "x.xml", data.encode()).to_csv()) < 2_000


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (b"<rss><channel></channel></rss>", FormatError, "No page was found"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", FormatError, "its first element is 'svg'"),
        (b"<html><body>Log in</body></html>", InputError, "a web page, not a table"),
        (b"<", InputError, "."),
        (b"<rss><channel>" + b"<item>" * 5_000, FormatError, "The XML cannot be read: Excessive depth"),
        (gzip.compress(b"<urlset>")[:-9], InputError, "gzip file is damaged"),
        (gzip.compress(b"<urlset>" + b" " * 20_000_000), InputError, "Unpacked it would hold"),
    ],
    ids=["empty feed", "picture", "web page", "broken", "deep", "damaged gzip", "bomb"],
)
def test_markup_without_pages_is_refused(tmp_path, data, error, message):
    with pytest.raises(error, match=message):
        _read(tmp_path, "x.xml", data)
