"""Exports of Bing, Baidu, 5118, Aizhan, Naver and Yandex, in their own layout, read to exact values."""

import json

import pytest
from tests.keywords.exports import Export, bom, book, check, utf8

METRICS = "query clicks impressions ctr position"

ENGINES = {
    "bing, keyword report": Export(
        utf8(
            '"Keyword","Impressions","Clicks","CTR","Avg. Position"',
            '"copper kettle","65","2","3.08%","5.9"',
            '"the "best" kettle, red","12","14","116.67%","632"',
            '"copper#TAB#pot","3","0","0%","1"',
            end="\r\n",
        ),
        "bing_keywords",
        "Bing Webmaster Tools",
        METRICS,
        [
            ("copper kettle", 2, 65, 0.0308, 5.9),
            ('the "best" kettle, red', 14, 12, 1.1667, 632),
            ("copper pot", 0, 3, 0, 1),
        ],
        name="kettle.example_KeywordReport_7_18_2026.csv",
    ),
    "bing, AI searches": Export(
        utf8(
            '"Grounding Query","Intent","Topic","Citations","Citation Share"',
            '"how to descale a copper kettle","Learn and Solve","Kettles","7","12.5%"',
        ),
        "bing_ai",
        "Bing Webmaster Tools",
        "query vendor_intent volume clicks",
        [("how to descale a copper kettle", "Learn and Solve", None, None)],
    ),
    "bing, API": Export(
        json.dumps(
            {
                "d": [
                    {
                        "__type": "QueryStats",
                        "Query": "copper kettle",
                        "Clicks": 2,
                        "Impressions": 65,
                        "AvgClickPosition": 3,
                        "AvgImpressionPosition": 6,
                        "Date": "/Date(1767225600000)/",
                    },
                ]
            }
        ).encode(),
        "bing_api",
        "Bing Webmaster Tools",
        "query clicks impressions position period_start",
        [("copper kettle", 2, 65, 6, None)],
        name="stats.json",
    ),
    "baidu, console": Export(
        bom(
            "关键词,点击量,展现量,点击率,平均排名,页面",
            '铜水壶怎么选,"1,200",3万,0.2%,3.2,https://a.cn/h',
            "水壶,-,50,-,-,",
            "其他,900,70000,1%,-,",
        ),
        "baidu_search",
        "百度搜索资源平台",
        METRICS + " url",
        [("铜水壶怎么选", 1200, 30_000, 0.002, 3.2, "https://a.cn/h"), ("水壶", None, 50, None, None, None)],
        dropped=((4, "a total or hidden queries"),),
        language="zh-Hans",
    ),
    "baidu, console, GB18030": Export(
        "关键词,点击量,展现量,点击率,排名\n铜水壶怎么选,12,600,2%,3\n".encode("gb18030"),
        "baidu_search",
        "百度搜索资源平台",
        METRICS,
        [("铜水壶怎么选", 12, 600, 0.02, 3)],
        described="gb18030, comma",
        language="zh-Hans",
    ),
    "baidu, planner": Export(
        "关键词,展现理由,整体日均搜索量,移动日均搜索量,计算机日均搜索量,左侧（上方）准入价,竞争激烈程度\n"
        "铜水壶,热搜,12,9,3,1.20,36\n水壶垫,,<5,<5,0,,\n".encode("gb18030"),
        "baidu_planner",
        "百度推广关键词规划师",
        "query volume volume_high volume_unit competition",
        [("铜水壶", 365, None, "day", 0.36), ("水壶垫", None, 5 * 365 / 12, None, None)],
        language="zh-Hans",
    ),
    "baidu, planner by month": Export(
        "关键词,月均搜索量,月均PC搜索量,月均M搜索量\n铜水壶,1200,200,1000\n".encode("gb18030"),
        "baidu_planner",
        "百度推广关键词规划师",
        "query volume volume_unit",
        [("铜水壶", 1200, "month")],
        language="zh-Hans",
    ),
    "baidu, analytics": Export(
        "站点：水壶网\n时间：2026-05-01 至 2026-05-31\n\n搜索词,浏览量(PV),访客数(UV),跳出率,平均访问时长\n"
        "铜水壶,12,10,50%,00:01:23\n其他,900,700,60%,--\n".encode("gb18030"),
        "baidu_tongji",
        "百度统计",
        "query volume clicks impressions",
        [("铜水壶", None, None, None)],
        dropped=((6, "a total or hidden queries"),),
        language="zh-Hans",
    ),
    "5118": Export(
        "关键词,流量指数,移动指数,360指数,长尾词数量,竞价公司数量,PC检索量,移动检索量,竞价竞争度\n"
        "铜水壶,88,60,5,120,14,3,9,2\n水壶垫,0,0,0,2,0,-,-,\n".encode("gb18030"),
        "5118",
        "5118",
        "query volume volume_unit competition",
        [("铜水壶", 365, "day", None), ("水壶垫", None, None, None)],
        described="gb18030, comma",
        language="zh-Hans",
    ),
    "5118, API": Export(
        json.dumps(
            {
                "errcode": "0",
                "data": {
                    "keyword_param": [
                        {
                            "keyword": "%e9%93%9c%e6%b0%b4%e5%a3%b6",
                            "index": 88,
                            "bidword_pcpv": "3",
                            "bidword_wisepv": "9",
                            "bidword_price": "1.25",
                            "bidword_kwc": 2,
                        },
                    ]
                },
            }
        ).encode(),
        "5118_api",
        "5118",
        "query volume volume_unit cpc",
        [("铜水壶", 365, "day", 1.25)],
        name="answer.json",
        language="zh-Hans",
    ),
    "aizhan": Export(
        "关键词,PC排名,移动排名,搜索量,收录数,网页标题,URL\n铜水壶,第1页 第3名,第2页 第1名,1200,30万,铜水壶推荐,https://a.cn/h\n"
        "水壶,第3页 第10名,-,<10,2亿,水壶大全,https://a.cn/\n".encode("gb18030"),
        "aizhan",
        "爱站",
        "query volume volume_high position url",
        [("铜水壶", 1200, None, 3, "https://a.cn/h"), ("水壶", None, 10, 30, "https://a.cn/")],
        language="zh-Hans",
    ),
    "naver, workbook": Export(
        book(
            {
                "키워드": [
                    [
                        "연관키워드",
                        "월간검색수\n(PC)",
                        "월간검색수\n(모바일)",
                        "월평균클릭수\n(PC)",
                        "경쟁정도",
                    ],
                    ["구리주전자", 120, "1,400", 3.1, "높음"],
                    ["물주전자", "< 10", 40, 0, "낮음"],
                ]
            }
        ),
        "naver",
        "Naver",
        "query volume volume_high clicks",
        [("구리주전자", 1520, None, None), ("물주전자", 40, 50, None)],
        name="export.xlsx",
        language="ko",
    ),
    "naver, CP949": Export(
        "연관키워드,월간검색수(PC),월간검색수(모바일),경쟁정도,월평균노출 광고수\n"
        "구리주전자,120,340,높음,15\n".encode("cp949"),
        "naver",
        "Naver",
        "query volume",
        [("구리주전자", 460)],
        described="cp949, comma",
        language="ko",
    ),
    "naver, API": Export(
        json.dumps(
            {
                "keywordList": [
                    {
                        "relKeyword": "구리주전자",
                        "monthlyPcQcCnt": 120,
                        "monthlyMobileQcCnt": "< 10",
                        "compIdx": "높음",
                    },
                ]
            },
            ensure_ascii=False,
        ).encode(),
        "naver",
        "Naver",
        "query volume volume_high",
        [("구리주전자", 120, 130)],
        name="answer.json",
        language="ko",
    ),
    "yandex, wordstat": Export(
        "\r".join(
            (
                "Формулировка;Число запросов;Топ частотных запросов «чайник», 17.01.2026 — 17.02.2026",
                "медный чайник;2\xa0895\xa0024;",
                "чайник, красный;281091;",
            )
        ).encode(),
        "wordstat",
        "Yandex Wordstat",
        "query volume",
        [("медный чайник", 2_895_024), ("чайник, красный", 281_091)],
        described="utf-8, semicolon",
        language="ru",
    ),
    "yandex, webmaster, rates below one": Export(
        bom("Запрос,Показы,Клики,CTR,Позиция", "медный чайник,1000,9,0.9,4.1", "чайник,2000,10,0.5,6"),
        "yandex_webmaster",
        "Yandex Webmaster",
        METRICS,
        [("медный чайник", 9, 1000, 0.009, 4.1), ("чайник", 10, 2000, 0.005, 6)],
        language="ru",
    ),
    "yandex, metrica": Export(
        bom(
            "Поисковая фраза,Визиты,Посетители,Отказы,Глубина просмотра,Время на сайте",
            "Итого и средние,120,100,0.2,2.1,00:01:23",
            "медный чайник,20,18,0.1,2.5,00:02:10",
            "Не определено,100,82,0.2,2.0,00:01:11",
        ),
        "yandex_metrica",
        "Yandex Metrica",
        "query volume clicks",
        [("медный чайник", None, None)],
        dropped=((2, "a total or hidden queries"), (4, "a total or hidden queries")),
        language="ru",
    ),
}


@pytest.mark.parametrize("case", ENGINES)
def test_engine(case, tmp_path):
    check(ENGINES[case], tmp_path)
