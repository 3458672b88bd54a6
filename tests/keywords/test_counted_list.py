"""Two columns without a header, queries and numbers: what they are taken for is said."""

import pytest

from journeyseo.errors import FormatError

NOTE = "it has no header: column {} was read as queries and column {} as searches a month"


def rows(frame):
    return list(zip(frame["query"], frame["volume"].fillna(-1), strict=True))


@pytest.mark.parametrize("end", ["csv", "txt", "tsv"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_number_beside_a_query_is_its_volume(load, sign, end):
    frame, report = load(f"best crm{sign}100\nbuy crm{sign}1500\n2048{sign}-\n", f"list.{end}")

    assert sorted(rows(frame)) == [("2048", -1), ("best crm", 100), ("buy crm", 1500)]
    assert report.format == "counted_list"
    assert report.header_row == 0
    assert report.notes[-1].startswith(NOTE.format(1, 2))
    assert "such as query,clicks" in report.notes[-1]
    assert str(report).count("column 1") == 2


def test_the_number_may_come_first(load):
    frame, report = load("100;best crm\n50;buy crm\n")

    assert sorted(rows(frame)) == [("best crm", 100), ("buy crm", 50)]
    assert report.notes[-1].startswith(NOTE.format(2, 1))


@pytest.mark.parametrize(
    "text",
    [
        "best crm,12 %\nbuy crm,3 %\n",
        "best crm,cheap\nbuy crm,dear\n",
        "1,2\n3,4\n",
        "best crm,100\n",
        "best crm,-\nbuy crm,-\n",
        "best crm,100,1\nbuy crm,50,2\n",
        "Stichwort,Anzahl\nbest crm,100\n",
    ],
)
def test_anything_else_without_a_known_header_is_refused(load, text):
    with pytest.raises(FormatError, match=r"No column of queries .* --query-column"):
        load(text)


def test_a_list_with_commas_stays_a_list(load):
    frame, report = load("crm, cheap and good\nbest crm\n", "list.txt")

    assert frame["query"].tolist() == ["crm, cheap and good", "best crm"]
    assert report.format == "list"
    assert report.notes == ()
