"""A law in the layout of the e-Gov law search; the text is made up, the layout is not."""

import pytest

from keian.core import InputError
from keian.registers.law_text import check_citations, read_law

LAW = """<?xml version="1.0" encoding="UTF-8"?>
<Law Era="Reiwa" Lang="ja" LawType="Act" Num="999" Year="4" PromulgateMonth="05" PromulgateDay="18">
<LawNum>令和四年法律第九百九十九号</LawNum>
<LawBody><LawTitle Kana="ためしのほうりつ">試しの法律</LawTitle>
<MainProvision>
<Chapter Num="1"><ChapterTitle>第一章　総則</ChapterTitle>
<Article Num="1"><ArticleCaption>（目的）</ArticleCaption><ArticleTitle>第一条</ArticleTitle>
<Paragraph Num="1"><ParagraphNum/><ParagraphSentence><Sentence Num="1">試すことを目的とする。</Sentence></ParagraphSentence></Paragraph>
</Article>
<Article Num="2"><ArticleCaption>（定義）</ArticleCaption><ArticleTitle>第二条</ArticleTitle>
<Paragraph Num="1"><ParagraphNum/><ParagraphSentence><Sentence Num="1" Function="main">次による。</Sentence><Sentence Num="2" Function="proviso">ただし、例外がある。</Sentence></ParagraphSentence>
<Item Num="1"><ItemTitle>一</ItemTitle><ItemSentence><Sentence Num="1">甲</Sentence></ItemSentence></Item>
<Item Num="11"><ItemTitle>十一</ItemTitle><ItemSentence><Sentence Num="1">乙</Sentence></ItemSentence></Item>
</Paragraph>
<Paragraph Num="2"><ParagraphNum>２</ParagraphNum><ParagraphSentence><Sentence Num="1">前項と同じ。</Sentence></ParagraphSentence></Paragraph>
</Article>
<Article Num="2_2"><ArticleTitle>第二条の二</ArticleTitle><Paragraph Num="1"><ParagraphNum/><ParagraphSentence><Sentence Num="1">枝番である。</Sentence></ParagraphSentence></Paragraph></Article>
</Chapter></MainProvision>
<SupplProvision><SupplProvisionLabel>附　則</SupplProvisionLabel>
<Article Num="4"><ArticleCaption>（検討）</ArticleCaption><ArticleTitle>第四条</ArticleTitle><Paragraph Num="1"><ParagraphNum/><ParagraphSentence><Sentence Num="1">三年を目途とする。</Sentence></ParagraphSentence></Paragraph></Article>
</SupplProvision>
<SupplProvision AmendLawNum="令和六年法律第一号"><SupplProvisionLabel>附　則</SupplProvisionLabel>
<Article Num="4"><ArticleTitle>第四条</ArticleTitle><Paragraph Num="1"><ParagraphNum/><ParagraphSentence><Sentence Num="1">改正の附則。</Sentence></ParagraphSentence></Paragraph></Article>
</SupplProvision>
</LawBody></Law>
"""


@pytest.fixture
def law(tmp_path):
    path = tmp_path / "504AC0000000999_20240517_506AC0000000001.xml"
    path.write_text(LAW, encoding="utf-8")
    return read_law(path)


def test_head_and_revision(law):
    assert (law.number, law.title) == ("令和四年法律第九百九十九号", "試しの法律")
    assert law.revision == "504AC0000000999_20240517_506AC0000000001"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("art. 1", "試すことを目的とする。"),
        ("art. 2(1)", "次による。ただし、例外がある。"),
        ("art. 2(1)(xi)", "乙"),
        ("art. 2(2)", "前項と同じ。"),
        ("art. 2-2", "枝番である。"),
        ("suppl. art. 4", "三年を目途とする。"),
    ],
)
def test_a_provision_is_found_by_how_it_is_cited(name, text, law):
    assert law.find(name).text == text


def test_supplements_of_amending_laws_are_kept_apart(law):
    found = [p for p in law.provisions if p.id == "suppl. art. 4"]
    assert [p.amending for p in found] == [None, "令和六年法律第一号"]


def test_a_citation_of_what_is_not_there_is_told(law):
    places = {"rule": "arts 1-2", "other": "art. 2(3)", "third": "supplementary provisions art. 4"}
    (problem,) = check_citations(law, places)
    assert (problem.where, problem.found) == ("other", "art. 2(3) (art. 2(3))")


@pytest.mark.parametrize(
    "text",
    [
        "<html></html>",
        "<Law><LawNum>x</LawNum></Law>",
        "no xml",
        '<!DOCTYPE Law [<!ENTITY a "b">]><Law><LawBody><LawTitle>&a;</LawTitle></LawBody></Law>',
    ],
)
def test_what_is_no_law_is_refused(text, tmp_path):
    path = tmp_path / "law.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_law(path)


def test_the_answer_of_the_interface_carries_its_revision(tmp_path):
    path = tmp_path / "answer.xml"
    inner = LAW.split("?>", 1)[1]
    path.write_text(
        "<law_data_response><revision_info><law_revision_id>504AC0000000999_20260208_X"
        f"</law_revision_id></revision_info><law_full_text>{inner}</law_full_text></law_data_response>",
        encoding="utf-8",
    )
    assert read_law(path).revision == "504AC0000000999_20260208_X"


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError) as error:
        read_law(tmp_path / "law.xml")
    assert error.value.problems[0].found == "no such file"
