"""Tables are as their schema says, or every fault is told."""

import math

import numpy as np
import pandas as pd
import pytest

from keian.core import AMBER, DataError, InputError, digest_bytes, load_schema, read_table

SCHEMA = """\
column,dtype,unit,missing,min,max,description
code,str,1,no,,,code of the unit
year,int,a,yes,1900,2100,year of the figure
share,float,1,no,0,1,share of the market
sold,float,MUSD,yes,0,,sales
open,bool,1,no,,,still in business
day,date,d,yes,,,day of the count
"""
ROWS = "code,year,share,sold,open,day\na,2011,0.5,1e3,true,2020-01-31\n原油,,1,,false,\n"


@pytest.fixture
def schema(tmp_path):
    file = tmp_path / "schema.csv"
    file.write_text(SCHEMA)
    return file


def read(schema, text, **options):
    file = schema.with_name("t.csv")
    file.write_text(text, encoding="utf-8")
    return read_table(file, schema, **options)


def refuse(schema, text):
    with pytest.raises(DataError) as refused:
        read(schema, text)
    file = schema.with_name("t.csv")
    return [(p.where.removeprefix(str(file)), p.found) for p in refused.value.problems]


def test_sound_table(schema):
    table = read(schema, ROWS, sources=["s1"], label=AMBER)
    frame = table.frame
    assert list(frame.columns) == ["code", "year", "share", "sold", "open", "day"]
    assert frame["code"].tolist() == ["a", "原油"]
    assert frame["year"][0] == 2011
    assert math.isnan(frame["year"][1])
    assert math.isnan(frame["sold"][1])
    assert frame["share"].dtype == np.float64
    assert frame["open"].tolist() == [True, False]
    assert frame["day"][0] == pd.Timestamp(2020, 1, 31)
    assert pd.isna(frame["day"][1])
    assert (table.name, table.sources, table.label) == ("t", ("s1",), AMBER)
    assert table.digest == digest_bytes(ROWS.encode())
    assert table.unit("sold") == "MUSD"
    assert table.without(()) is table
    assert table.parts() == {}


def test_order_of_columns_is_that_of_the_schema(schema):
    table = read(schema, "day,open,sold,share,year,code\n,true,,1,,a\n")
    assert list(table.frame.columns) == ["code", "year", "share", "sold", "open", "day"]


def test_cells_cannot_be_changed(schema):
    frame = read(schema, ROWS).frame
    for column in ("share", "code"):
        with pytest.raises(ValueError, match="read-only"):
            frame.loc[0, column] = frame[column][1]


def test_all_faults_come_together(schema):
    text = (
        "code,year,share,sold,open,day\n"
        ",2011,0.5,1,true,\n"
        "b,1066,1.5,-1,yes,2020-02-30\n"
        "c,1.5,nan,1_000,TRUE,2020/01/01\n"
        'd,2011,,"1,000",true,\n'
        "e,2011,inf,0x1,1,2020-W05-5\n"
        "f,2011,0.5\n"
    )
    assert sorted(refuse(schema, text)) == sorted(
        [
            (":2 code", "nothing"),
            (":3 year", "1066"),
            (":4 year", "'1.5'"),
            (":3 share", "1.5"),
            (":4 share", "'nan'"),
            (":5 share", "nothing"),
            (":6 share", "'inf'"),
            (":3 sold", "-1.0"),
            (":4 sold", "'1_000'"),
            (":5 sold", "'1,000'"),
            (":6 sold", "'0x1'"),
            (":3 open", "'yes'"),
            (":4 open", "'TRUE'"),
            (":6 open", "'1'"),
            (":3 day", "'2020-02-30'"),
            (":4 day", "'2020/01/01'"),
            (":6 day", "'2020-W05-5'"),
            (":7", "3 cells"),
        ]
    )


def test_columns_must_be_those_of_the_schema(schema):
    told = refuse(schema, "code,year,share,sold,open,code,other\n")
    assert told == [
        (":1", "no column 'day'"),
        (":1", "the unknown column 'other'"),
        (":1", "column 'code' twice"),
    ]


def test_many_faults_of_a_column_are_counted(schema):
    rows = "".join(f"c{k},2011,2,1,true,\n" for k in range(50))
    told = refuse(schema, f"code,year,share,sold,open,day\n{rows}")
    assert len(told) == 21
    assert told[-1] == (" share", "30 more faults of this column")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "no column 'code'"),
        ('code,year,share,sold,open,day\na,2011,"0.5', "broken CSV"),
        ("code,year,share,sold,open,day\na,2011,0", "3 cells"),
    ],
)
def test_cut_tables_are_refused(schema, text, found):
    assert refuse(schema, text)[0][1].startswith(found)


def test_other_encodings_are_refused(schema):
    file = schema.with_name("t.csv")
    file.write_bytes(ROWS.encode("cp932"))
    with pytest.raises(InputError, match="Shift_JIS"):
        read_table(file, schema)


def test_lines_count_line_breaks_inside_cells(schema):
    text = 'code,year,share,sold,open,day\n"a\nb",2011,0.5,1,true,\nc,2011,7,1,true,\n'
    assert refuse(schema, text) == [(":4 share", "7.0")]


def test_parquet_holds_the_same(schema):
    table = read(schema, ROWS)
    file = schema.with_name("t.parquet")
    table.frame.to_parquet(file)
    pd.testing.assert_frame_equal(read_table(file, schema).frame, table.frame)
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(DataError, match="no Parquet"):
        read_table(file, schema)


def test_parquet_is_checked_like_csv(schema):
    file = schema.with_name("t.parquet")
    frame = read(schema, ROWS).frame.assign(share=[0.5, 3.0], year=[2011.5, np.nan])
    frame.to_parquet(file)
    with pytest.raises(DataError) as refused:
        read_table(file, schema)
    assert [p.found for p in refused.value.problems] == ["2011.5", "3.0"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("str,1,no", "text,1,no"), "dtype 'text'"),
        (("MUSD,yes", "MUSD,maybe"), "missing 'maybe'"),
        ((",MUSD,", ",,"), "no unit"),
        (("sales\n", "\n"), "no description"),
        (("0,1,share", "zero,1,share"), "the limit 'zero'"),
        (("sold,", "share,"), "column 'share' twice"),
        (("column,dtype", "name,dtype"), "found name"),
    ],
)
def test_a_wrong_schema_is_refused(schema, change, words):
    schema.write_text(SCHEMA.replace(*change))
    with pytest.raises(DataError, match=words):
        load_schema(schema)
