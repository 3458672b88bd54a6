"""Exports of keyword tools, in their own layout, read to exact values."""

import json
import math

import pytest
from tests.keywords.exports import Export, bom, book, check, tabbed, utf8, utf16

DATAFORSEO_INFO = {
    "search_volume": 1300, "cpc": 1.25, "competition": 0.6, "competition_level": "MEDIUM",
    "monthly_searches": [{"year": 2026, "month": 4, "search_volume": 1600}],
}  # fmt: skip
DATAFORSEO_ITEM = {
    "keyword": "copper kettle", "location_code": 2826, "language_code": "en",
    "keyword_info": DATAFORSEO_INFO, "keyword_properties": {"keyword_difficulty": 34, "core_keyword": None},
    "serp_info": {"serp_item_types": ["organic", "people_also_ask"], "se_results_count": 9000},
    "search_intent_info": {"main_intent": "commercial", "foreign_intent": ["informational"]},
}  # fmt: skip
EMPTY_INFO = {"search_volume": None, "cpc": None, "competition": None, "monthly_searches": None}


def dataforseo(items, **more):
    result = [{"se_type": "google", "keyword": "seed", "items_count": len(items), "items": items}]
    task = {"id": "1", "status_code": 20000, "data": {"keyword": "seed", "limit": 10}, "result": result}
    return json.dumps({"version": "0.1", "status_code": 20000, "tasks": [task], **more}).encode()


def ranked(info, position, url):
    item = {"type": "organic", "rank_group": position, "rank_absolute": position, "url": url}
    data = {"keyword": "copper kettle", "language_code": "en", "location_code": 2826, "keyword_info": info}
    return {"keyword_data": data, "ranked_serp_element": {"serp_item": item}}


SEMRUSH = {
    "semrush, magic": Export(
        utf8(
            "Keyword,Intent,Volume,Trend,Keyword Difficulty,CPC (USD),Competitive Density,SERP Features,"
            "Number of Results",
            'copper kettle,"Informational, Commercial",1300,"0.44,0.81,1.00",37,0.85,0.30,'
            '"AI Overview, Reviews",900',
            '"kettle, red",,40,,,0.00,1.00,,0',
        ),
        "semrush_keywords", "Semrush",
        "query volume difficulty cpc currency competition vendor_intent trend serp_features",
        [
            (
                "copper kettle", 1300, 37, 0.85, "USD", 0.3, "Informational, Commercial", "0.44,0.81,1.00",
                "AI Overview, Reviews",
            ),
            ("kettle, red", 40, None, 0, "USD", 1, None, None, None),
        ],
        name="kettle_broad-match_us_2026-03-29.csv",
    ),
    "semrush, magic, few columns": Export(
        utf8("Keyword;Volume;Keyword Difficulty;CPC (GBP);SERP Features", "kettle, red;40;12;0.85;Reviews"),
        "semrush_keywords", "Semrush", "query volume difficulty cpc currency",
        [("kettle, red", 40, 12, 0.85, "GBP")], described="utf-8, semicolon",
    ),
    "semrush, bulk workbook": Export(
        book({"Keywords": [
            ["Keyword", "Intent", "Volume", "Trend", "Keyword Difficulty", "CPC (GBP)", "SERP Features"],
            ["copper kettle", "Commercial", 1300, "0.44,0.81", 37, 0.85, "Sitelinks"],
            ["kettle", None, 20, None, None, 0, None],
        ]}),
        "semrush_keywords", "Semrush", "query volume difficulty cpc currency vendor_intent",
        [("copper kettle", 1300, 37, 0.85, "GBP", "Commercial"), ("kettle", 20, None, 0, "GBP", None)],
        name="kettle_pot_bulk_uk_2026-05-02_10-06-17.xlsx",
    ),
    "semrush, positions": Export(
        utf8(
            "Keyword,Position,Previous position,Search Volume,Keyword Difficulty,CPC,URL,Traffic,"
            "Traffic (%),Traffic Cost,Competition,Number of Results,Trends,Timestamp,"
            "SERP Features by Keyword,Keyword Intents,Position Type",
            'copper kettle,6,9,1300,37,0.85,https://kettle.example/a,5,0.1,4,0.3,900,"[44,54]",2026-01-02,'
            'Sitelinks,"commercial, informational",Organic',
            'copper kettle,1,1,1300,37,0.85,https://kettle.example/b,5,0.1,4,0.3,900,"[44,54]",2026-01-02,'
            'Sitelinks,"commercial, informational",AI overview',
        ),
        "semrush_positions", "Semrush",
        "query volume position url cpc currency competition trend vendor_intent n_merged",
        [(
            "copper kettle", 1300, 1, "https://kettle.example/b", 0.85, None, 0.3, "[44,54]",
            "commercial, informational", 2,
        )],
        n_rows=2,
    ),
    "semrush, positions, few columns": Export(
        utf8(
            "Keyword,Position,Search Volume,Traffic,URL,Keyword Difficulty,CPC,Keyword Intents,"
            "SERP Features by Keyword",
            "copper kettle,6,1300,5,https://kettle.example/a,37,0.85,commercial,Sitelinks",
        ),
        "semrush_positions", "Semrush", "query volume position difficulty",
        [("copper kettle", 1300, 6, 37)],
    ),
    "semrush, gap": Export(
        bom(
            "Keyword,Intents,Volume,Keyword Difficulty,CPC,Competition Density,kettle.example,pot.example,"
            "kettle.example (pages),pot.example (pages),Results",
            "copper kettle,commercial,1300,37,0.85,0.3,8,2,https://kettle.example/a,https://pot.example/x,90",
            "tin kettle,informational,90,12,0.1,0,0,5,,https://pot.example/y,70",
        ),
        "semrush_gap", "Semrush", "query volume position url competition vendor_intent",
        [
            ("copper kettle", 1300, 8, "https://kettle.example/a", 0.3, "commercial"),
            ("tin kettle", 90, None, None, 0, "informational"),
        ],
        name="gap.keywords_2026-05-02.csv",
    ),
    "semrush, tracking": Export(
        utf8(
            "----------------------------------------", "ID: 123_456", "Report type: Rankings overview",
            "Period: 20260501 - 20260508", "----------------------------------------", "",
            "Keyword;*.kettle.example/*_20260501;*.kettle.example/*_20260501_type;"
            "*.kettle.example/*_20260501_landing;*.kettle.example/*_20260508;"
            "*.kettle.example/*_20260508_type;*.kettle.example/*_20260508_landing;"
            "*.kettle.example/*_difference;*.pot.example/*_20260508;*.pot.example/*_20260508_type;"
            "*.pot.example/*_20260508_landing;*.pot.example/*_difference;Tags;Intents;CPC;Search Volume;"
            "Keyword Difficulty",
            "copper kettle;9;organic;https://kettle.example/old;7;organic;https://kettle.example/new;2;1;"
            "organic;https://pot.example/;0;tea;i|c;n/a;1300;37",
            "tin kettle;3;organic;https://kettle.example/old;-;-;-;-;2;organic;https://pot.example/;0;;t;"
            "0.4;90;12",
        ),
        "semrush_tracking", "Semrush", "query volume position difficulty cpc vendor_intent",
        [("copper kettle", 1300, 7, 37, None, "i|c"), ("tin kettle", 90, None, 12, 0.4, "t")],
        described="utf-8, semicolon", name="1_position_tracking_rankings_overview_20260508.csv.xls",
    ),
    "semrush, strategy builder": Export(
        utf8(
            "Database,Keyword,Seed keyword,Page,Topic,Page type,Tags,Volume,Keyword Difficulty,CPC (USD),"
            "Competitive Density,Number of Results,Intent,SERP Features,Trend,Click potential,"
            "Content references,Competitors",
            'us,copper kettle,kettle,Kettles,Kettles,Pillar,,1300,37,0.85,0.3,900,Commercial,Reviews,"0.4,1",'
            '50,"https://a.example',
            'https://b.example",pot.example',
            'us,tin kettle,kettle,Kettles,Kettles,Sub,,90,12,0.1,0,70,Informational,,,,,',
        ),
        "semrush_strategy", "Semrush", "query volume country url vendor_intent source_row",
        [
            ("copper kettle", 1300, "US", None, "Commercial", 2),
            ("tin kettle", 90, "US", None, "Informational", 4),
        ],
    ),
}  # fmt: skip

AHREFS = {
    "ahrefs, explorer": Export(
        utf16(*tabbed(
            "#|Keyword|Country|Difficulty|Volume|CPC|CPS|Parent Keyword|Last Update|SERP Features|"
            "Global volume|Traffic potential|Global traffic potential|First seen|Intents|Languages|"
            "SV trend (02-2024 - 01-2026)|SV Forecasting trend (02-2026 - 02-2027)",
            "1|copper kettle|gb|0|1300|0.35|0.7|kettles|2026-01-23 20:50:30|Sitelinks,Image pack|9000|400|"
            "900|2015-09-01|Informational,Commercial,Non-branded,Non-local|en|193, 163|170, 180",
            "2|kettle sale|gb||80|||kettles|2026-01-23 20:50:30||70000||||||10, 12|",
            quoted=True,
        )),
        "ahrefs_explorer", "Ahrefs",
        "query volume difficulty cpc country language vendor_intent serp_features trend",
        [
            (
                "copper kettle", 1300, 0, 0.35, "GB", "en",
                "Informational,Commercial,Non-branded,Non-local", "Sitelinks,Image pack", "193, 163",
            ),
            ("kettle sale", 80, None, None, "GB", "en", None, None, "10, 12"),
        ],
        described="utf-16, tab", name="google_gb_kettle_matching-terms_2026-02-03_15-04-45.csv",
    ),
    "ahrefs, explorer of 2020": Export(
        utf8(
            "#,Keyword,Country,Difficulty,Volume,CPC,Clicks,CPS,Return Rate,Parent Keyword,Last Update,"
            "SERP Features,Global volume",
            '1,"kettle, red",us,12,1300,0.35,900,0.7,1.2,kettle,2020-05-01 10:00:00,"Sitelinks,Ads",9000',
        ),
        "ahrefs_explorer", "Ahrefs", "query volume difficulty clicks country",
        [("kettle, red", 1300, 12, None, "US")], described="utf-8, comma",
    ),
    "ahrefs, organic keywords compared": Export(
        utf16(*tabbed(
            "Keyword|Country|Location|Language|Entities|SERP features|Volume|KD|CPC|"
            "Previous organic traffic|Current organic traffic|Organic traffic change|Current paid traffic|"
            "Previous position|Current position|Position change|Previous URL inside|Previous URL|"
            "Current URL inside|Current URL|Previous date|Current date|Branded|Local|Navigational|"
            "Informational|Commercial|Transactional",
            "copper kettle|GB|United Kingdom|English||Sitelinks|1300|3|0.35|40|50|10|0|6|4|2||"
            "https://kettle.example/old|AI Overview|https://kettle.example/new|2025-12-23|2026-01-23|false|"
            "false|false|true|true|false",
            "lost kettle|GB|United Kingdom|English||Sitelinks|90|||40|0|-40|0|6|||"
            "|https://kettle.example/old|||2025-12-23|2026-01-23|false|false|false|false|false|false",
            quoted=True,
        )),
        "ahrefs_organic", "Ahrefs", "query volume difficulty position url country language vendor_intent",
        [
            (
                "copper kettle", 1300, 3, 4, "https://kettle.example/new", "GB", "en",
                "Informational, Commercial",
            ),
            ("lost kettle", 90, None, None, None, "GB", "en", None),
        ],
        language=None,
    ),
    "ahrefs, organic keywords, UTF-8": Export(
        utf8(
            "Keyword,Country code,Location,Language,Entities,SERP features,Volume,KD,CPC,Organic traffic,"
            "Paid traffic,Current position,Current URL,Current URL inside,Updated,Navigational,"
            "Informational,Commercial,Transactional,Branded,Local",
            'copper kettle,GB,United Kingdom,English,"Kettle (Thing)","Sitelinks, Ads",1300,3,0.35,50,0,4,'
            "https://kettle.example/,,2026-01-23 20:50:30,false,false,false,true,true,false",
        ),
        "ahrefs_organic", "Ahrefs", "query volume position country vendor_intent clicks",
        [("copper kettle", 1300, 4, "GB", "Transactional", None)], described="utf-8, comma",
    ),
    "ahrefs, content gap": Export(
        utf16(*tabbed(
            "Keyword|SERP features|Volume|KD|CPC|kettle.example/: Traffic|kettle.example/: Position|"
            "kettle.example/: URL|pot.example/: Traffic|pot.example/: Position|pot.example/: URL|Updated",
            "copper kettle|Sitelinks|1300|3|0.35|5|9|https://kettle.example/a|50|1|https://pot.example/|x",
            "tin kettle||90||||||50|2|https://pot.example/|x",
            quoted=True,
        )),
        "ahrefs_content_gap", "Ahrefs", "query volume difficulty position url",
        [
            ("copper kettle", 1300, 3, 9, "https://kettle.example/a"),
            ("tin kettle", 90, None, None, None),
        ],
    ),
    "ahrefs, organic keywords of old": Export(
        utf16(*tabbed(
            "#|Keyword|Volume|KD|CPC|Traffic|Position|Position History|URL|SERP Features|Last Update",
            "1|copper kettle|1300|3|0.35|50|4|up 2|https://kettle.example/|Sitelinks|2019-05-01",
        )),
        "ahrefs_positions", "Ahrefs", "query volume difficulty position url",
        [("copper kettle", 1300, 3, 4, "https://kettle.example/")],
    ),
}  # fmt: skip

TOOLS = {
    "moz, bounds": Export(
        utf8(
            "# -------------------------------------", "List Name,Kettles", "Total Keywords,2",
            "Total Volume Range,301 - 3000", "# -------------------------------------", "",
            "Keyword,Locale,Min Volume,Max Volume,Difficulty,Organic CTR,Importance,Priority,Date Analyzed",
            "copper kettle,en-GB,201,500,34,60,3,50,2026-01-02T03:04:05+00:00",
            "tetera,es-MX,0,10,,60,3,50,2026-01-02T03:04:05+00:00",
        ),
        "moz", "Moz",
        "query volume volume_low volume_high volume_is_bucket difficulty ctr language country",
        [
            ("copper kettle", math.sqrt(201 * 500), 201, 500, True, 34, None, "en", "GB"),
            ("tetera", 0, 0, 10, True, None, None, "es", "MX"),
        ],
        language=None,
    ),
    "moz, ranges": Export(
        utf8(
            "Date Analyzed,Keyword,Locale,Relevance,Volume Range,Difficulty",
            "2026-01-02,copper kettle,en-US,80,118001..300000,34",
        ),
        "moz_ranges", "Moz", "query volume volume_low volume_high difficulty country",
        [("copper kettle", math.sqrt(118_001 * 300_000), 118_001, 300_000, 34, "US")],
    ),
    "moz, monthly": Export(
        utf8(
            "Keyword,Monthly Volume,Difficulty,Organic CTR,Priority,SERP Features",
            'copper kettle,"1,300",34,60,50,Reviews',
        ),
        "moz", "Moz", "query volume difficulty serp_features", [("copper kettle", 1300, 34, "Reviews")],
    ),
    "ubersuggest, suggestions": Export(
        bom(
            "No,Keyword,Search Intent,Search Volume,CPC,Paid Difficulty,SEO Difficulty",
            '1,copper kettle,commercial,"1,300",US$2.17,92,41', "2,kettle,navigational,720,US$0.00,1,5",
        ),
        "ubersuggest", "Ubersuggest",
        "query volume cpc currency competition difficulty vendor_intent",
        [
            ("copper kettle", 1300, 2.17, "USD", 0.92, 41, "commercial"),
            ("kettle", 720, 0, "USD", 0.01, 5, "navigational"),
        ],
    ),
    "ubersuggest, bulk": Export(
        bom(
            "No,Keyword,Search Volume,CPC,Paid Difficulty,SEO Difficulty",
            '1,copper kettle,"1,300",$2.17,92,41',
        ),
        "ubersuggest", "Ubersuggest", "query volume cpc currency difficulty",
        [("copper kettle", 1300, 2.17, "USD", 41)],
    ),
    "ubersuggest, domain": Export(
        bom(
            "No,Keywords,Volume,Position,Est. Visits,Seo Difficulty,CPC,Ranking Url",
            '1,copper kettle,"1,300",4,90,41,$2.17,https://kettle.example/',
        ),
        "ubersuggest_domain", "Ubersuggest", "query volume position difficulty url clicks",
        [("copper kettle", 1300, 4, 41, "https://kettle.example/", None)],
    ),
    "ubersuggest, Spanish": Export(
        bom(
            "Palabra clave,Volumen de búsquedas,CPC",
            'tetera de cobre,"1.300","2,17 €"', 'tetera,90,"0,3 €"',
        ),
        "generic", "any tool", "query volume cpc currency",
        [("tetera de cobre", 1300, 2.17, "EUR"), ("tetera", 90, 0.3, "EUR")],
    ),
    "se ranking, positions": Export(
        bom(
            '"Google United Kingdom (London, England, United Kingdom), interface language: English"',
            'Keyword,URL,Content Score,Tags,"Search vol.",2026-03-07,Dynamics,2026-03-08,Dynamics',
            "Kettles,--,,,1390,-,,-,", "copper kettle,https://kettle.example/k,61,tea,1300,6,,4(1),2",
            "tin kettle,,,,90,5,,-,-5",
        ),
        "se_ranking", "SE Ranking", "query volume position url",
        [("copper kettle", 1300, 4, "https://kettle.example/k"), ("tin kettle", 90, None, None)],
        dropped=((3, "subtotal of a group"),),
    ),
    "se ranking, positions saved in a spreadsheet": Export(
        utf8(
            '"Google United Kingdom, interface language: English",,,,',
            "Keyword,URL,Search vol.,20/02/2026,21/02/2026",
            "copper kettle,https://kettle.example/k,1300,7,100+", end="\r\n",
        ),
        "se_ranking", "SE Ranking", "query volume position", [("copper kettle", 1300, None)],
    ),
    "se ranking, research": Export(
        bom(
            "Keyword,Search vol.,CPC,Competition,Difficulty,Search intent",
            'copper kettle,1300,0.85,0.4,37,"I, C"',
        ),
        "se_ranking_research", "SE Ranking", "query volume cpc competition difficulty vendor_intent",
        [("copper kettle", 1300, 0.85, 0.4, 37, "I, C")],
    ),
    "sistrix, comparison": Export(
        "Keyword;Position#1;Position#2;Search Volume;URL;CPC;Competition\n"
        "küchen kessel;8;5;1300;https://kettle.example/;0,85;30\nkessel groß;3;;90;https://kettle.example/g;0,1;5\n"
        .encode("cp1252"),
        "sistrix_comparison", "Sistrix", "query volume position url cpc competition",
        [
            ("küchen kessel", 1300, 5, "https://kettle.example/", 0.85, 0.3),
            ("kessel groß", 90, None, "https://kettle.example/g", 0.1, 0.05),
        ],
        described="cp1252, semicolon",
    ),
    "sistrix, German": Export(
        utf8(
            "Suchbegriff/Keyword;Position;Wettbewerb;Suchvolumen;URL",
            "küchen kessel;5;30;1.300;https://k.example/",
        ),
        "sistrix", "Sistrix", "query volume position url", [("küchen kessel", 1300, 5, "https://k.example/")],
    ),
    "mangools": Export(
        utf8(
            '"Keyword","Avg. Search Volume (Last Known Values)","Avg. Search Volume (Last 12 months)",'
            '"Avg. Search Volume (Last 6 months)","Location","CPC/USD","PPC","Keyword Difficulty",'
            '"Keyword interest growth (%)","Content Type","Search Intent","Keyword Opportunities",'
            '"Serp Features","Search Volume 7/2016"',
            '"copper kettle",1320,1300,1290,"Madrid, Spain",0.45,40,12,5,"MEDIA_BLOGS, SHOPS",'
            '"Informational","","Images",10',
            '"tin kettle",-,n/a,,"Madrid, Spain",,1,,,"","","","",',
            end="\r\n",
        ),
        "mangools", "Mangools KWFinder", "query volume cpc currency competition difficulty vendor_intent",
        [
            ("copper kettle", 1320, 0.45, "USD", 0.4, 12, "Informational"),
            ("tin kettle", None, None, "USD", 0.01, None, None),
        ],
    ),
    "keywords everywhere, widget": Export(
        bom(
            '"Keyword","Vol","CPC","Comp","Apr 2025","May 2025"',
            '"copper kettle","1,300","$0.85","0.4","1000","1600"', '"tin kettle","-","-","-","-","-"',
        ),
        "keywords_everywhere", "Keywords Everywhere", "query volume cpc currency competition",
        [("copper kettle", 1300, 0.85, "USD", 0.4), ("tin kettle", None, None, None, None)],
    ),
    "keywords everywhere, bulk": Export(
        bom("Keyword,Search Volume (Global),CPC,Competition,Trend", 'copper kettle,"1,300/mo",$0.85,1,up'),
        "keywords_everywhere_bulk", "Keywords Everywhere", "query volume cpc competition",
        [("copper kettle", 1300, 0.85, 1)],
    ),
    "keywordtool, workbook": Export(
        book({"Keywords": [
            [
                "Keywords", "Search Volume (Average)", "Trend", "Average CPC (EUR)", "Competition",
                "Search Volume (Jan 2026)",
            ],
            ["copper kettle", "1,300", "12%", 0.85, 40, 1100],
        ]}),
        "keywordtool", "KeywordTool", "query volume cpc currency competition trend",
        [("copper kettle", 1300, 0.85, "EUR", 0.4, "12%")], name="keywords.xlsx",
    ),
    "keywordtool, bids": Export(
        utf8(
            "Keywords,Search Volume (Average),Trend,Top of Page Bid (Low Range) (INR),"
            "Top of Page Bid (High Range) (INR),Competition",
            'copper kettle,"1,300",12%,8.10,31.50,High',
        ),
        "keywordtool", "KeywordTool", "query volume cpc currency competition",
        [("copper kettle", 1300, 31.5, "INR", None)],
    ),
    "answerthepublic, French": Export(
        book({
            "Google": [
                ["Plateforme:", "Google"], ["Terme de recherche:", "bouilloire"], ["Langue:", "Français"],
                ["Pays:", "France"], ["Recherchée le : (dd/mm/yyyy):", "02/05/2026"], [], [],
                [
                    "Terme de recherche", "Type de modificateur", "Modificateur", "Mot-clé", "Langue",
                    "Pays", "Volume", "CPC (US$)",
                ],
                ["bouilloire", "Questions", "comment", "comment détartrer", "fr", "FR", "1.0K", 0.4],
                ["bouilloire", "Termes associés", "-", "bouilloire cuivre", "fr", "FR", "140", "-"],
            ],
            "ChatGPT": [
                ["Plateforme:", "ChatGPT"], [],
                ["Terme de recherche", "Prompt", "Intention principale", "Sentiment positif", "Marques"],
                ["bouilloire", "quelle bouilloire choisir", "Commercial", 1, ""],
            ],
            "Instagram": [
                ["Terme de recherche", "Type", "Mot-clé", "Volume", "CPC (US$)", "Nom d’utilisateur"],
                ["bouilloire", "Compte", "bouilloires_de_paris", "10", "-", "bouilloires"],
            ],
            "Bing": [["Cette feuille est verrouillée."]],
        }),
        "answerthepublic", "AnswerThePublic", "query volume cpc currency language country",
        [
            ("comment détartrer", 1000, 0.4, "USD", "fr", "FR"),
            ("bouilloire cuivre", 140, None, "USD", "fr", "FR"),
        ],
        name="bouilloire.xlsx", language=None,
    ),
    "answerthepublic, CSV": Export(
        utf8(
            "Search Term,Modifier Type,Modifier,Keyword,Language,Country,Search Vol.,CPC (US$)",
            "kettle,Questions,how,how to descale a kettle,en,gb,0,-",
        ),
        "answerthepublic", "AnswerThePublic", "query volume country",
        [("how to descale a kettle", 0, "GB")],
    ),
    "alsoasked": Export(
        utf8(
            "Search term,Question,Depth,Parent", "kettle,how do kettles work?,1,",
            'kettle,"what is a kettle, really?",2,how do kettles work?',
        ),
        "alsoasked", "AlsoAsked", "query",
        [("how do kettles work?",), ("what is a kettle, really?",)],
    ),
    "alsoasked, outline": Export(
        utf8(
            "kettle", "  how do kettles work?", '"    what does a 1,000 watt kettle need?"',
            "    why do kettles whistle?", "  who made the kettle?",
        ),
        "alsoasked_outline", "AlsoAsked", "query source_row",
        [
            ("kettle", 1), ("how do kettles work?", 2), ("what does a 1,000 watt kettle need?", 3),
            ("why do kettles whistle?", 4), ("who made the kettle?", 5),
        ],
    ),
    "serpstat": Export(
        utf8(
            'Keyword;Search volume;"CPC, $";PPC competition;Keyword difficulty;Results;SERP elements',
            "copper kettle;1300;0.85;40;37;900;related_search", "tin kettle;90;0;1;12;70;",
        ),
        "serpstat", "Serpstat", "query volume cpc currency competition difficulty serp_features",
        [
            ("copper kettle", 1300, 0.85, "USD", 0.4, 37, "related_search"),
            ("tin kettle", 90, 0, "USD", 0.01, 12, None),
        ],
    ),
    "serpstat, API": Export(
        json.dumps({"id": 1, "result": {"data": [{
            "keyword": "copper kettle", "region_queries_count": 1300, "region_queries_count_wide": 9000,
            "cost": 0.85, "concurrency": 40, "difficulty": 37, "types": ["video", "ads"], "lang": "en",
            "intents": ["commercial"],
        }], "summary_info": {"page": 1}}}).encode(),
        "serpstat", "Serpstat",
        "query volume cpc competition difficulty serp_features vendor_intent language",
        [("copper kettle", 1300, 0.85, 0.4, 37, "video, ads", "commercial", "en")],
        name="answer.json", language=None,
    ),
    "spyfu": Export(
        utf8(
            "Keyword,Search Volume,Ranking Difficulty,Total Monthly Clicks,Number of Ranking Homepages,"
            "Serp First Result,Broad Cost Per Click,Broad Monthly Cost,Percent Paid Clicks",
            'copper kettle,"1,300",37,900,2,https://pot.example/,$0.85,$765,4%',
        ),
        "spyfu", "SpyFu", "query volume difficulty cpc currency clicks",
        [("copper kettle", 1300, 37, 0.85, "USD", None)],
    ),
    "spyfu, domain": Export(
        utf8(
            "Keyword,Rank,RankChange,SearchVolume,KeywordDifficulty,URL",
            "copper kettle,4,-1,1300,37,https://k.example/",
        ),
        "spyfu_domain", "SpyFu", "query position volume difficulty url",
        [("copper kettle", 4, 1300, 37, "https://k.example/")],
    ),
    "similarweb": Export(
        utf8(
            "Keyword,Clicks,Traffic share,Change,Volume,KD,CPC,Zero-clicks,Leader,Top URL,Intent,"
            "SERP features",
            "copper kettle,900,12.5%,-3%,1300,37,$0.85,41%,pot.example,https://pot.example/,Commercial,Reviews",
        ),
        "similarweb", "Similarweb", "query volume clicks difficulty cpc currency vendor_intent",
        [("copper kettle", 1300, None, 37, 0.85, "USD", "Commercial")],
    ),
    "keyword insights": Export(
        utf8(
            "Cluster,Keyword,Search volume,Context,Rank,Ranking URL,Topical cluster",
            "kettles,copper kettle,1300,Transactional,4,https://k.example/,hub",
            "kettles,tin kettle,90,Informational,,,hub",
        ),
        "keyword_insights", "Keyword Insights", "query volume position url vendor_intent",
        [
            ("copper kettle", 1300, 4, "https://k.example/", "Transactional"),
            ("tin kettle", 90, None, None, "Informational"),
        ],
    ),
    "dataforseo, ideas": Export(
        dataforseo([DATAFORSEO_ITEM, {"keyword": "tin kettle", "keyword_info": EMPTY_INFO}]),
        "dataforseo_labs", "DataForSEO",
        "query volume cpc competition difficulty country serp_features vendor_intent trend",
        [
            (
                "copper kettle", 1300, 1.25, 0.6, 34, "GB", "organic, people_also_ask", "commercial",
                '[{"year": 2026, "month": 4, "search_volume": 1600}]',
            ),
            ("tin kettle", None, None, None, None, None, None, None, None),
        ],
        described="utf-8, JSON", name="ideas.json",
    ),
    "dataforseo, ranked": Export(
        dataforseo([ranked(DATAFORSEO_INFO, 4, "https://k.example/")]),
        "dataforseo_labs", "DataForSEO", "query volume competition position url language country",
        [("copper kettle", 1300, 0.6, 4, "https://k.example/", "en", "GB")],
        name="ranked.json", language=None,
    ),
    "dataforseo, volumes": Export(
        json.dumps({"tasks": [{"data": {"keywords": ["copper kettle"]}, "result": [
            {"keyword": "copper kettle", "location_code": 2826, "search_volume": 1300, "cpc": 1.25,
             "competition": "HIGH", "competition_index": 1, "monthly_searches": None},
        ]}]}).encode(),
        "dataforseo_ads", "DataForSEO", "query volume cpc competition country",
        [("copper kettle", 1300, 1.25, 0.01, "GB")], name="volumes.json",
    ),
    "dataforseo, CSV": Export(
        utf8(
            "keyword,location_code,language_code,search_volume,competition,competition_index,cpc,"
            "low_top_of_page_bid,high_top_of_page_bid",
            "copper kettle,2826,en,1300,HIGH,90,1.25,0.2,1.9", "tin kettle,2826,en,,,,,,",
        ),
        "dataforseo_ads", "DataForSEO", "query volume cpc competition language",
        [("copper kettle", 1300, 1.25, 0.9, "en"), ("tin kettle", None, None, None, "en")],
        language=None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SEMRUSH)
def test_semrush(case, tmp_path):
    check(SEMRUSH[case], tmp_path)


@pytest.mark.parametrize("case", AHREFS)
def test_ahrefs(case, tmp_path):
    check(AHREFS[case], tmp_path)


@pytest.mark.parametrize("case", TOOLS)
def test_tool(case, tmp_path):
    check(TOOLS[case], tmp_path)
