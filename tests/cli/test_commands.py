"""What each command does."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pandas as pd
import pytest

from journeyseo.report.write import FILES
from journeyseo.stages import STAGES

KEYWORDS = "query,volume\n=best crm software,100\nbuy iphone 15 online,50\n"


def test_explain(call) -> None:
    code, text, err = call("explain", "best running shoes")
    assert (code, err) == (0, "")
    assert text.startswith("'best running shoes': consideration (")
    for stage in STAGES:
        assert f"\n  {stage}" in text
    assert "cue word: best (usually consideration)" in text


def test_explain_as_json(runs) -> None:
    data = json.loads(runs.out("explain json"))
    assert data["stage"] == data["journey_stage"] == "consideration"
    assert list(data["probabilities"]) == list(STAGES)
    assert sum(data["probabilities"].values()) == pytest.approx(1, abs=1e-3)
    assert data["confidence"] == max(data["probabilities"].values())
    assert "best" in data["reason"]


def test_explain_with_another_journey(call) -> None:
    code, out, _ = call("explain", "best running shoes", "--journey", "search-intent", "--json")
    assert code == 0
    assert json.loads(out)["journey_stage"] == "commercial"


def test_explain_with_an_engine_and_corrections(call, tmp_path) -> None:
    (tmp_path / "ours.csv").write_text("query,stage\nbest crm,none\nbest crm,decision\n")
    code, out, err = call("explain", "best crm", "--engine", "fast", "--corrections", "ours.csv")
    assert code == 0
    assert out.startswith("'best crm': decision (100% sure")
    assert "corrected by you" in out
    assert "note: the corrections give 'best crm' two stages: none in row 2 and decision in row 3" in err
    code, out, _ = call("explain", "best crm", "--engine", "fast", "--json")
    assert json.loads(out)["engine"].startswith("queries-fast")
    assert json.loads(out)["shares"] == {}
    code, _, err = call("explain", "best crm", "--engine", "quick")
    assert (code, "There is no engine 'quick'" in err) == (1, True)


def test_classify_tells_contradicting_corrections(call, tmp_path) -> None:
    (tmp_path / "k.csv").write_text(KEYWORDS)
    (tmp_path / "ours.csv").write_text("query,stage\nbest crm,none\nbest crm,decision\n")
    code, _, err = call("classify", "k.csv", "--engine", "fast", "--corrections", "ours.csv")
    assert code == 0
    assert "note: the corrections give 'best crm' two stages" in err


def test_explain_shows_the_shares_of_split_stages(call) -> None:
    code, out, _ = call("explain", "best running shoes", "--journey", "six-stage")
    assert code == 0
    assert "six-stage, engagement: " in out
    assert "six-stage, evaluation: " in out
    code, out, _ = call("explain", "best running shoes", "--journey", "six-stage", "--json")
    label = json.loads(out)
    split = label["shares"]["engagement"] + label["shares"]["evaluation"]
    assert split == pytest.approx(label["probabilities"]["consideration"], abs=2e-4)


def test_classify_from_standard_input(runs) -> None:
    rows = list(csv.DictReader(io.StringIO(runs.out("classify stdin"))))
    assert [r["query"] for r in rows] == ["'=best crm", "buy iphone 15 online"]
    assert [r["stage"] for r in rows] == ["consideration", "decision"]
    assert all(0 < float(r["confidence"]) <= 1 for r in rows)


def test_classify_as_json(call) -> None:
    _, out, _ = call("classify", "-", "--json", stdin="=best crm\nbuy iphone 15 online\n")
    rows = json.loads(out)["rows"]
    assert [r["query"] for r in rows] == ["=best crm", "buy iphone 15 online"]
    assert [r["stage"] for r in rows] == ["consideration", "decision"]
    assert rows[0]["volume"] is None
    assert rows[0]["source_row"] == 1


def _written(path) -> pd.DataFrame:
    if path.suffix == ".json":
        return pd.DataFrame(json.loads(path.read_text(encoding="utf-8"))["rows"])
    if path.suffix == ".jsonl":
        lines = path.read_text(encoding="utf-8").splitlines()
        return pd.DataFrame([json.loads(line) for line in lines])
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    if path.suffix == ".xlsx":
        head, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        return pd.DataFrame(rows, columns=head)
    return pd.read_csv(path, sep="\t" if path.suffix == ".tsv" else ",", encoding="utf-8-sig")


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "jsonl", "parquet", "xlsx"])
def test_classify_to_a_file(call, tmp_path, ending: str) -> None:
    (tmp_path / "k.csv").write_text(KEYWORDS)
    code, out, err = call("classify", "k.csv", "-o", f"new/staged.{ending}")
    assert (code, out) == (0, "")
    assert f"Wrote 2 rows to new/staged.{ending}." in err
    assert [p.name for p in (tmp_path / "new").iterdir()] == [f"staged.{ending}"]
    frame = _written(tmp_path / "new" / f"staged.{ending}")
    quoted = ending in ("csv", "tsv")
    assert frame["query"].tolist() == [
        "'=best crm software" if quoted else "=best crm software",
        "buy iphone 15 online",
    ]
    assert ("1 cells begin like a formula" in err) is quoted
    assert frame["volume"].tolist() == [100, 50]
    assert frame["stage"].tolist() == ["consideration", "decision"]
    if ending == "xlsx":
        cells = openpyxl.load_workbook(tmp_path / "new" / "staged.xlsx").active.iter_rows()
        assert not [c for row in cells for c in row if c.data_type == "f"]


def test_classify_raw_keeps_formulas(call, tmp_path) -> None:
    (tmp_path / "k.csv").write_text(KEYWORDS)
    code, out, err = call("classify", "k.csv", "--raw")
    assert code == 0
    assert "\n=best crm software," in out
    assert "quote" not in err


def test_classify_with_journey_and_force(call, tmp_path) -> None:
    text = "how to return my order\n"
    _, out, _ = call("classify", "-", "--json", stdin=text)
    _, forced, _ = call("classify", "-", "--json", "--force", stdin=text)
    before, after = json.loads(out)["rows"][0], json.loads(forced)["rows"][0]
    assert (before["stage"], before["journey_stage"]) == ("retention", "outside")
    assert after["stage"] == "retention"
    assert after["journey_stage"] in STAGES[:3]


def test_classify_takes_column_and_language(call, tmp_path) -> None:
    (tmp_path / "k.csv").write_text("a,b\nbest crm,x\nbuy crm,y\n")
    code, out, _ = call("classify", "k.csv", "--query-column", "a", "--language", "de", "--json")
    assert code == 0
    assert [(r["query"], r["language"]) for r in json.loads(out)["rows"]] == [
        ("best crm", "de"),
        ("buy crm", "de"),
    ]


def test_classify_pages(call, examples) -> None:
    code, out, err = call("classify-pages", examples / "heat-pumps" / "site", "--json")
    rows = json.loads(out)["rows"]
    assert code == 0
    assert len(rows) == 36
    assert {r["stage"] for r in rows} <= set(STAGES)
    assert len({r["stage"] for r in rows}) >= 4
    assert "folder of HTML" in err


def test_formats(runs) -> None:
    known = json.loads(runs.out("formats json"))["formats"]
    assert {f["reads"] for f in known} == {"keywords", "pages"}
    vendors = " ".join(f["vendor"] for f in known)
    for name in ("Semrush", "Ahrefs", "Google"):
        assert name in vendors
    lines = runs.out("formats").splitlines()
    assert [line.split()[0] for line in lines] == [f["id"] for f in known]
    assert "Any other CSV" in runs.err("formats")


def test_formats_of_a_file(call, examples) -> None:
    _, out, _ = call("formats", examples / "heat-pumps" / "keywords.csv", "--json")
    data = json.loads(out)
    (report,) = data["reports"]
    assert (report["vendor"], report["rows_kept"]) == ("Semrush", 414)
    assert report["columns"]["query"] == "Keyword"
    assert "Number of Results" in report["ignored"]
    assert len(data["first"]) == 5
    assert data["first"][1]["query"] == "air source heat pump"
    assert data["first"][1]["volume"] == 8100


def test_formats_of_a_file_as_text(call, tmp_path) -> None:
    (tmp_path / "k.csv").write_text("query,volume,own\nbest crm,100,x\n")
    code, out, err = call("formats", "k.csv")
    assert code == 0
    assert "best crm" in out
    assert "not taken: own" in err


def test_doctor(call) -> None:
    code, out, _ = call("doctor", "--json")
    data = json.loads(out)
    assert code == 0
    assert data["ok"] is True
    assert data["problems"] == []
    assert data["checks"]["classifier"].endswith("'best running shoes' is consideration")


def test_doctor_says_what_is_missing(call, monkeypatch) -> None:
    from importlib import metadata

    real = metadata.version

    def version(name: str) -> str:
        if name == "opencc":
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(metadata, "version", version)
    code, out, _ = call("doctor")
    assert code == 1
    assert "PROBLEM: opencc is not installed" in out
    assert "Everything is in place" not in out


def test_evaluate(runs) -> None:
    card = json.loads(runs.out("evaluate"))
    # Three of four right; the fourth is right by its second label.
    assert card["overall"]["rows"] == card["overall"]["rows_three"] == 4
    assert card["overall"]["accuracy"] == card["overall"]["accuracy_three"] == 0.75
    assert card["overall"]["lenient"] == 1.0
    # F1: awareness 2/3, consideration 2/3, decision 1.
    assert card["overall"]["macro_f1"] == pytest.approx(7 / 9)
    assert card["confusion"]["awareness"]["consideration"] == 1
    assert card["recall"] == {"awareness": 0.5, "consideration": 1.0, "decision": 1.0}
    assert card["languages"] == {}
    assert card["vendor"] == {}


def test_evaluate_as_text(call, tmp_path) -> None:
    rows = "best crm,consideration,Commercial\nbuy iphone 15 online,decision,Informational\n"
    (tmp_path / "l.csv").write_text(f"query,stage,intent\n{rows}")
    code, out, err = call("evaluate", "l.csv")
    assert (code, err) == (0, "")
    assert "2 rows" in out
    assert "Vendor's intent on 2 rows of the three stages: 0.500; ours on the same rows: 1.000" in out


def test_evaluate_writes_nothing_that_json_does_not_know(call, tmp_path) -> None:
    (tmp_path / "l.csv").write_text("query,stage\nhow to return my order,retention\n")
    code, out, _ = call("evaluate", "l.csv", "--json")
    assert code == 0
    assert json.loads(out)["overall"]["accuracy_three"] is None
    assert "NaN" not in out


def test_map(call, runs, examples, tmp_path) -> None:
    source = examples / "heat-pumps"
    code, text, notes = call("map", source / "keywords.csv", "--pages", source / "site", "-o", "new/r")
    assert code == 0
    folder = tmp_path / "new" / "r"
    assert sorted(p.name for p in folder.iterdir()) == sorted([*FILES, "map"])
    other = runs.folder / "out" / "json" / "report.html"
    assert other.read_bytes() == (folder / "report.html").read_bytes()
    assert text.splitlines()[-1] == f"Report: {(folder / 'report.html').resolve()}"
    assert "Demand against content (searches a month)" in text
    assert "\x1b" not in text
    assert "note: " in notes


def test_map_as_json_is_the_report(runs) -> None:
    data = json.loads(runs.out("map json"))
    assert runs.out("map json") == (runs.folder / "out" / "json" / "report.json").read_text(encoding="utf-8")
    assert data["provenance"]["journey"] == "three-stage"
    assert len(data["cells"]) == 4 * len(data["topics"])
    assert data["suggestions"][0]["rank"] == 1


def test_map_with_journey_and_language(call, examples, tmp_path) -> None:
    words = ["--journey", "classic-five", "--report-language", "zh-Hans", "--target-position", "1"]
    words += ["--brand", "heat pump", "--mask-personal"]
    folder = examples / "heat-pumps"
    code, out, _ = call(
        "map", folder / "keywords.csv", "--pages", folder / "site", "-o", "r", "--json", *words
    )
    data = json.loads(out)
    assert code == 0
    keys = [s["key"] for s in data["provenance"]["stages"]]
    assert keys == ["awareness", "consideration", "purchase", "retention", "advocacy"]
    first = data["suggestions"][0]
    # The brief names most of its cell's demand, which no later position would turn into as many clicks.
    assert 0.157 * first["demand"] < first["clicks"] <= 0.285 * first["demand"] + 0.06
    html = (tmp_path / "r" / "report.html").read_text(encoding="utf-8")
    assert '<html lang="zh-Hans">' in html
    assert "购买" in html
    share = round(100 * data["provenance"]["brand"]["share"])
    assert 0 < share < 100
    assert f"需求的 {share} %" in html


def test_map_with_a_plan(call, runs, examples, tmp_path) -> None:
    source = examples / "heat-pumps"
    first = json.loads(runs.out("map json"))["suggestions"][0]
    (tmp_path / "plan.csv").write_text(f"id,status,owner,Cost\n{first['id']},rejected,Ana,9\n")
    words = ["map", source / "keywords.csv", "--pages", source / "site", "-o", "r", "--json", "--no-reasons"]
    code, out, notes = call(*words, "--plan", "plan.csv")
    data = json.loads(out)
    assert code == 0
    assert "note: columns not taken: Cost" in notes
    assert first["id"] not in {s["id"] for s in data["suggestions"]}
    assert [(c["id"], c["owner"], c["reason"]) for c in data["closed"]] == [(first["id"], "Ana", "rejected")]
    code, out, notes = call(*words)
    error = json.loads(out)["error"]
    assert "Classifying" not in notes
    assert (code, error["code"]) == (1, "input")
    assert first["id"] in error["message"]
    assert "--plan" in error["hint"]


def test_map_with_own_topics(call, examples, tmp_path) -> None:
    source = examples / "heat-pumps"
    (tmp_path / "t.toml").write_text("[[merge]]\ntopics = ['ev charger', 'sheds']\nname = 'Chargers'\n")
    words = ["--pages", source / "site", "-o", "r", "--json", "--no-reasons", "--topics", "t.toml"]
    code, out, notes = call("map", source / "keywords.csv", *words)
    assert code == 0
    assert "Chargers" in {topic["name"] for topic in json.loads(out)["topics"]}
    assert "note: t.toml, [[merge]] 1 (Chargers): there is no topic “sheds”" in notes


def test_demo(runs) -> None:
    reports = json.loads(runs.out("demo"))["reports"]
    assert set(reports) == {"heat-pumps", "mattress-shop"}
    for name, path in reports.items():
        assert path == str((runs.folder / "out" / "demo" / name / "report.html").resolve())
        assert (runs.folder / "out" / "demo" / name / "report.xlsx").is_file()
    pages = {n: (runs.folder / "out" / "demo" / n / "report.html").read_text("utf-8") for n in reports}
    assert '<html lang="en">' in pages["heat-pumps"]
    assert '<html lang="zh-Hant">' in pages["mattress-shop"]


def test_train_refuses_an_unknown_part(call) -> None:
    code, out, err = call("train", "--only", "topics")
    assert (code, out) == (1, "")
    assert "nothing named 'topics' to train" in err


def test_formats_of_a_page_export(call, tmp_path) -> None:
    (tmp_path / "sf.csv").write_text("Address,Status Code,Title 1\nhttps://a.example/x,200,Boots\n")
    code, out, notes = call("formats", "sf.csv")
    assert code == 0
    assert "No queries in it, but pages" in notes
    assert "Screaming Frog" in notes
    assert "https://a.example/x" in out


def test_corrections_win(call, tmp_path) -> None:
    (tmp_path / "fixes.csv").write_text("query,stage\nbest crm,retention\n")
    _, out, _ = call("classify", "-", "--corrections", "fixes.csv", "--json", stdin="Best CRM\nbest erp\n")
    rows = json.loads(out)["rows"]
    assert [(r["stage"], r["engine"] == "corrections") for r in rows] == [
        ("retention", True),
        ("consideration", False),
    ]
    (tmp_path / "wrong.csv").write_text("query,stage\nbest crm,buying\n")
    code, out, _ = call("classify", "-", "--corrections", "wrong.csv", "--json", stdin="best crm\n")
    assert (code, "buying" in json.loads(out)["error"]["message"]) == (1, True)


def test_evaluate_compares_the_engines(call, tmp_path) -> None:
    (tmp_path / "l.csv").write_text("query,stage\nbest crm,consideration\nbuy iphone 15,decision\n")
    code, out, _ = call("evaluate", "l.csv", "--engine", "all", "--json")
    cards = json.loads(out)
    assert code == 0
    assert [c["engine"].split("-")[0].split(":")[0] for c in cards] == ["auto", "queries", "queries"]
    assert [c["overall"]["accuracy"] for c in cards] == [1, 1, 1]
    _, text, _ = call("evaluate", "l.csv", "--engine", "all")
    assert text.rindex("calibration error") > text.rindex("Calibration error")


def test_evaluate_judges_labels_as_corrections(call, tmp_path) -> None:
    rows = "".join(f"buy nike pegasus {i},decision\n" for i in range(41, 53))
    (tmp_path / "l.csv").write_text(f"query,stage\n{rows}")
    code, out, _ = call("evaluate", "l.csv", "--as-corrections", "--json")
    assert (code, json.loads(out)["rows"], json.loads(out)["real"]) == (0, 12, False)
    code, out, _ = call("evaluate", "l.csv", "--as-corrections", "--engine", "fast", "--json")
    assert (code, "learns nothing" in json.loads(out)["error"]["message"]) == (1, True)


def test_evaluate_compares_a_vendor_s_intents(call, tmp_path) -> None:
    rows = "buy iphone 15 online,100,Transactional\nbest [crm],300,Informational\n"
    (tmp_path / "s.csv").write_text(f"Keyword,Volume,Intent\n{rows}")
    code, out, _ = call("evaluate", "s.csv", "--vendor", "--json")
    found = json.loads(out)
    assert (code, found["rows"], found["agreement"]) == (0, 2, 0.5)
    assert [r["query"] for r in found["changes"]] == ["best [crm]"]
    code, out, _ = call("evaluate", "s.csv", "--vendor")
    assert code == 0
    assert "2 queries with an intent; it stands for our stage in 50.0%" in out
    assert "best [crm]" in out


def test_classify_without_reasons(call) -> None:
    _, out, _ = call("classify", "-", "--json", "--no-reasons", stdin="best crm\n")
    _, whole, _ = call("classify", "-", "--json", stdin="best crm\n")
    without, found = json.loads(out)["rows"][0], json.loads(whole)["rows"][0]
    assert (without["stage"], without["confidence"]) == (found["stage"], found["confidence"])
    assert not without["reason"]
    assert found["reason"].startswith("carried by")


def test_crawl_of_a_folder(runs) -> None:
    data = json.loads(runs.out("crawl"))
    assert data["read"] == len(pd.read_parquet(runs.folder / "out/crawl/pages.parquet")) > 20
    assert f"{data['read']} pages read" in runs.err("crawl")
    assert json.loads(runs.out("crawl both"))["error"]["code"] == "config"
