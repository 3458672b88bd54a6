"""Exports in layouts that are older or seldom met, read to exact values."""

import pytest
from tests.keywords.exports import Export, bom, check, utf8

SELDOM = {
    "SEO PowerSuite, French": Export(
        utf8(
            "Mot clé,Pos. Google.fr,Google.fr Différence,Classement de page(e),Différence de visibilité,"
            "Tendance,Clics",
            'bouilloire rouge,4(1),2,https://a.example/b; https://a.example/c,"0,28",,12',
            'théière,Pas encore vérifié,Entré,,"0,00",,',
            end="\r\n",
        ),
        "rank_tracker", "SEO PowerSuite", "query position url clicks",
        [("bouilloire rouge", 4, "https://a.example/b", None), ("théière", None, None, None)],
        language="fr",
    ),
    "Semrush, short codes": Export(
        utf8(
            "Ph;Po;Nq;Cp;Co;Nr;Td", "copper kettle;3;1300;1.25;0.40;9000;0.44,0.81", "pan;12;40;0.00;0.00;7;"
        ),
        "semrush_api", "Semrush", "query position volume cpc competition trend",
        [("copper kettle", 3, 1300, 1.25, 0.4, "0.44,0.81"), ("pan", 12, 40, 0, 0, None)],
        described="utf-8, semicolon",
    ),
    "Semrush, positions of the API": Export(
        utf8(
            "Keyword;Position;Previous Position;Search Volume;Keyword Difficulty;CPC;Url;Keyword Intents;"
            "SERP Features by Keyword;Timestamp",
            "copper kettle;3;4;1300;37.5;1.25;https://a.example/kettle;1,3;6,9;1700000000",
        ),
        "semrush_positions", "Semrush", "query position volume difficulty url vendor_intent",
        [("copper kettle", 3, 1300, 37.5, "https://a.example/kettle", "1,3")],
    ),
    "Semrush, database first": Export(
        utf8(
            "database;Keyword;Search Volume;Keyword Difficulty Index;Intent", "uk;copper kettle;1300;37.5;0"
        ),
        "semrush_database", "Semrush", "query volume difficulty vendor_intent country",
        [("copper kettle", 1300, 37.5, "0", "GB")],
    ),
    "Semrush, older gap": Export(
        utf8(
            "Keyword;Search Volume;Keyword Difficulty;CPC;Competition;Results;Keyword Intents;own.example;"
            "b.example",
            "copper kettle;1300;37;1.25;0.40;9000;commercial;3;0",
            "pan;40;12;0.00;0.00;7;;0;8",
        ),
        "semrush_gap_old", "Semrush", "query volume difficulty competition position vendor_intent",
        [("copper kettle", 1300, 37, 0.4, 3, "commercial"), ("pan", 40, 12, 0, None, None)],
    ),
    "SE Ranking, competitive research": Export(
        bom(
            "Keyword,Position,Previous position,URL,Traffic,Search vol.,CPC,Competition,Difficulty,"
            "Search intent",
            "copper kettle,3,4,https://a.example/kettle,20,1300,1.25,0.4,37,C T",
        ),
        "se_ranking_competitive", "SE Ranking",
        "query position url volume cpc competition difficulty vendor_intent",
        [("copper kettle", 3, "https://a.example/kettle", 1300, 1.25, 0.4, 37, "C T")],
    ),
    "AnswerThePublic, CSV of once": Export(
        utf8(
            "Category,Modifier,Suggestion", "questions,how,how to descale a kettle",
            "prepositions,for,kettle for tea",
        ),
        "answerthepublic_csv", "AnswerThePublic", "query volume",
        [("how to descale a kettle", None), ("kettle for tea", None)],
    ),
    "Looker Studio, queries": Export(
        utf8(
            "Query,Url Clicks,Impressions,URL CTR,Average Position",
            "copper kettle,5483,34571,0.15860114,1.4600000001",
            "pan,0,9,0,71.2",
        ),
        "looker_queries", "Google Search Console", "query clicks impressions ctr position",
        [("copper kettle", 5483, 34571, 0.15860114, 1.4600000001), ("pan", 0, 9, 0, 71.2)],
    ),
    "Google Ads, ranges in Slovenian": Export(
        utf8(
            "Ključna beseda\tAvg. monthly searches\tCompetition",
            "rdeč čajnik\t1 tis. – 10 tis.\tNizko",
            "čajnik\t1 mio. – 10 mio.\tVisoko",
        ),
        "keyword_planner", "Google Ads Keyword Planner", "query volume_low volume_high volume_is_bucket",
        [("rdeč čajnik", 1000, 10_000, True), ("čajnik", 1_000_000, 10_000_000, True)],
        language="sl",
    ),
    "Mangools, with places": Export(
        utf8(
            '"Keyword","Avg. Search Volume (Last Known Values)","Location","Language","SERP Position",'
            '"Keyword Difficulty"',
            '"copper kettle","1300.5","United Kingdom","English","3","37"',
            '"pan","-","Anywhere","English","","n/a"',
            end="\r\n",
        ),
        "mangools", "Mangools KWFinder", "query volume position difficulty",
        [("copper kettle", 1300.5, 3, 37), ("pan", None, None, None)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SELDOM)
def test_seldom_layouts(case, tmp_path):
    check(SELDOM[case], tmp_path)
