import re
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pylatexenc.latexwalker import LatexWalker

from knowledge.chunking import split_document
from knowledge.errors import UnreadableFile
from knowledge.limits import Limits
from knowledge.readers import read
from knowledge.readers.latex import macros, parsing
from knowledge.readers.latex.parsing import parse

MAIN = r"""% A note to ourselves, not for reviewers
\documentclass{article}
\usepackage{booktabs}
\newcommand{\method}{Coral\xspace}
\newcommand{\loss}[1]{\mathcal{L}(#1)}
\newcommand{\pair}[2][left]{#1 and #2}
\def\R{\mathbb{R}}
\DeclareMathOperator*{\argmin}{arg\,min}
\newif\ifdraft
\newtheorem{tide}{Tide}
\title{Coral Pruning:\\ Cutting Networks\thanks{Grant 7} Like Reefs}
\author{Ada Reef$^{1}$ \and Ben P\"oole\thanks{Equal} \\ Harbour Institute}
\begin{document}
\maketitle
\begin{abstract}
We cut ``filters'' --- in \emph{one} pass% eat this end
.
\end{abstract}
\section{Introduction}\label{sec:intro}
\method removes \pair{right} filters~\cite{kelp,reef}.
The loss $\loss{w}$ lives in $\R^n$;\emph{}\footnote{A foot of \textbf{sand}.} see Table~\emph{\ref{tab:main}},
\autoref{sec:app} and \eqref{eq:one}.
\ifdraft Hidden draft words here.\else Shown words.\fi

\input{parts/method}
\section*{Thanks}
To the sea: 5\,\% of \$3.
\begin{itemize}
\item First wave.
\item Second wave, \url{https://sea.example/a_b}.
\end{itemize}
\begin{tide}[Low] Water falls. \end{tide}
\begin{thebibliography}{9}
\bibitem{reef} A. Reef. \emph{Reefs}. 2030.
\bibitem{kelp} B. Kelp. Fronds. 2031.
\end{thebibliography}
\appendix
\section{More Waves}\label{sec:app}
Extra.
\subsection{Small Waves}
Smaller.
\end{document}
Words after the end.
"""
METHOD = r"""\section{Method}
\subsection{Criterion}
We minimise
\begin{equation}\label{eq:one}
  \argmin_w \frac{w}{s} % the tide
\end{equation}
where $w$ is a wave.
\begin{table}[t]
\caption{Results on \textsc{Lagoon-10}.}\label{tab:main}
\begin{tabular}{lcc}
\toprule
 & \multicolumn{2}{c}{Top-1 (\%)} \\ \cmidrule(lr){2-3}
Method & small & large \\ \midrule
\multirow{2}{*}{Ours} & 91.2 & 93.0 \\
 & \textbf{90.1} & -- \\
\bottomrule
\end{tabular}
\end{table}
The text goes on.
\begin{figure}\includegraphics[width=1cm]{a}\caption{A reef at $t=0$.}\end{figure}
\begin{verbatim}
prune --all % no comment
\end{verbatim}
"""


def take(tmp_path, files: dict[str, str], main: str = "main.tex", **options):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return read(tmp_path / main, **options)


def body(words: str) -> dict[str, str]:
    return {
        "main.tex": f"\\documentclass{{article}}\\title{{Reef Paper}}\n\\begin{{document}}\n{words}\n\\end{{document}}"
    }


def points(reading) -> list[str]:
    ((document,),) = (part.documents for part in reading.parts)
    return [document.text[point.start : point.end] for point in document.points]


def test_a_whole_source(tmp_path):
    reading = take(tmp_path, {"main.tex": MAIN, "parts/method.tex": METHOD})
    (part,) = reading.parts
    assert reading.refused == ()
    assert (part.title, part.authors) == ("Coral Pruning: Cutting Networks Like Reefs", ("Ada Reef", "Ben Pöole"))
    (paper,) = part.documents
    assert [(section.title, section.aspect) for section in paper.sections] == [
        ("Coral Pruning: Cutting Networks Like Reefs", None),
        ("Abstract", "summary"),
        ("1 Introduction", "problem"),
        ("2 Method", "method"),
        ("2.1 Criterion", "method"),
        ("Thanks", None),
        ("References", None),
        ("A More Waves", None),
        ("A.1 Small Waves", None),
    ]
    assert [(point.role, paper.text[point.start : point.end]) for point in paper.points] == [
        (None, "Ada Reef, Ben Pöole"),
        (None, 'We cut "filters" — in one pass.'),
        (None, "Coral removes left and right filters [2, 1]. The loss $\\mathcal{L}(w)$ lives in $\\mathbb{R}^n$; "
         "see Table 1, Appendix A and (1). Shown words."),
        (None, "Footnote: A foot of sand."),
        (None, "We minimise $$ \\operatorname{arg\\,min}_w \\frac{w}{s} $$ where $w$ is a wave. The text goes on."),
        ("table", "Table 1: Results on Lagoon-10.\n | Top-1 (%)\nMethod | small | large\nOurs | 91.2 | 93.0\nOurs | 90.1 | –"),
        ("caption", "Figure 1: A reef at $t=0$."),
        (None, "prune --all % no comment"),
        (None, "To the sea: 5 % of $3."),
        (None, "First wave."),
        (None, "Second wave, https://sea.example/a_b."),
        (None, "Tide 1 (Low). Water falls."),
        ("reference", "[1] A. Reef. Reefs. 2030."),
        ("reference", "[2] B. Kelp. Fronds. 2031."),
        (None, "Extra."),
        (None, "Smaller."),
    ]  # fmt: skip
    assert [(finding.kind, finding.where, finding.text) for finding in part.findings] == [
        ("comment", "main.tex, line 1", "A note to ourselves, not for reviewers"),
        ("comment", "main.tex, line 16", "eat this end"),
        ("comment", "parts/method.tex, line 5", "the tide"),
        ("comment", "main.tex, after the end of the document", "Words after the end."),
        ("comment", "main.tex, in a condition that is off", "Hidden draft words here."),
    ]
    assert {finding.document for finding in part.findings} == {paper.id}


def test_the_bbl_and_the_bib_give_the_references(tmp_path):
    source = body("\\section{A}Waves \\citep{reef} and \\citet{reef} and \\cite{none}. \\bibliography{lib}")["main.tex"]
    bbl = "\\begin{thebibliography}{1}\n\\bibitem[Reef et al.(2030)Reef, Poole]{reef}\nA.~Reef. Tides. 2030.\n\\end{thebibliography}"
    found = points(take(tmp_path, {"main.tex": source, "main.bbl": bbl}))
    assert found == [
        "Waves (Reef et al., 2030) and Reef et al. (2030) and [none].",
        "[Reef et al. (2030)] A. Reef. Tides. 2030.",
    ]
    (tmp_path / "main.bbl").unlink()
    bib = '@article{reef, author = {Reef, A. and Kelp, B.}, title = "The {T}ide", journal = {Sea}, year = 2030}\n@book{unused, title={X}}'
    found = points(take(tmp_path, {"main.tex": source, "lib.bib": bib}))
    assert found[1:] == ["[reef] Reef, A., Kelp, B.. The Tide. Sea. 2030".replace("B..", "B.")]


def test_inputs_that_lead_outside_in_circles_or_nowhere_are_refused(tmp_path):
    (tmp_path / "secret.tex").write_text("Secret.", encoding="utf-8")
    files = {"in/main.tex": body("\\section{A}Words. \\input{../secret}\\input{/etc/hostname}\\input{b}\\include{none}")["main.tex"],
             "in/b.tex": "Inner words. \\input{b}"}  # fmt: skip
    reading = take(tmp_path, files, "in/main.tex")
    assert points(reading) == ["Words. Inner words."]
    assert [refusal.reason for refusal in reading.refused] == [
        "includes '../secret', which leads outside of the source",
        "includes '/etc/hostname', which leads outside of the source",
        "includes 'b', which includes itself",
        "includes 'none', which is not there",
    ]
    chain = {f"c{n}.tex": f"Level {n}. \\input{{c{n + 1}}}" for n in range(9)}
    reading = take(tmp_path, chain | body("\\section{A}\\input{c0}"), limits=Limits(depth=3))
    assert "more than 3 files deep" in reading.refused[0].reason and "Level 2." in points(reading)[0]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("\\section{A}One \\textbf{two.\n\nThree \\emph{four}.", "a brace that is not closed"),
        ("\\section{A}One two.}\n\nThree four.", "a brace that closes nothing"),
        ("\\section{A}One two. $x\n\nThree four.", "a $ that is not closed"),
        (
            "\\section{A}\\begin{itemize}\\item One two.\n\n\\section{B}Three four.",
            "\\begin{itemize} that is not closed",
        ),
        ("\\section{A}One two.\\end{table}\n\nThree four.", "\\end{table} that closes nothing"),
    ],
)
def test_broken_latex_keeps_its_words_and_names_the_place(tmp_path, words, what):
    reading = take(tmp_path, body(words))
    text = " ".join(points(reading))
    assert all(word in text for word in ("One", "two.", "Three", "four."))
    (refusal,) = reading.refused
    assert refusal.where == "section 'A'" and what in refusal.reason


def test_macros_that_never_end_are_given_up(tmp_path):
    doubling = "".join(f"\\def\\x{chr(97 + n)}{{\\x{chr(98 + n)}\\x{chr(98 + n)}}}" for n in range(24)) + "\\def\\xy{z}"
    reading = take(tmp_path, body(f"\\def\\surf{{\\surf x}}{doubling}\\section{{A}}Before. \\surf After. \\xa End."))
    assert points(reading)[-1].startswith("Before.") and points(reading)[-1].endswith("End.")
    assert {re.findall(r"defines (\S+) so", refusal.reason)[0] for refusal in reading.refused} == {"\\surf", "\\xa"}


def test_what_grows_without_end_is_cut_short_and_said(tmp_path, monkeypatch):
    monkeypatch.setattr(macros, "CHARACTERS_IN_ALL", 200_000)
    long = take(tmp_path, body("\\def\\long{" + "x" * 5_000 + "}\\section{A}Before. " + "\\long " * 300 + "After."))
    (document,) = long.parts[0].documents
    assert len(document.text) < 250_000 and document.text.endswith("After.")
    assert "defines \\long so that it never ends or grows too large" in long.refused[0].reason
    tree = {f"c{n}.tex": f"Level {n}. " + f"\\input{{c{n + 1}}}" * 8 for n in range(6)} | {"c6.tex": "Leaf. "}
    reading = take(tmp_path, tree | body("\\section{A}\\input{c0} End."), limits=Limits(files=50))
    assert "Leaf." in points(reading)[0]
    assert "after 50 other files" in reading.refused[0].reason and points(reading)[-1].endswith("End.")
    absent = take(tmp_path, body("\\section{A}Words. " + "".join(f"\\input{{none{n}}}" for n in range(500))))
    assert len(absent.refused) < 150 and absent.refused[-1].reason == "includes 400 more files that cannot be read"


def test_a_list_of_references_that_is_asked_for_twice_stands_once(tmp_path):
    files = body("\\section{A}Waves \\cite{reef}." + "\\bibliography{lib}" * 3) | {
        "lib.bib": "@article{reef, title={The Tide}}"
    }
    assert points(take(tmp_path, files)) == ["Waves [reef].", "[reef] The Tide"]


@pytest.mark.parametrize("unit", ["\\title{", "\\author{", "\\bibliography{a}"])
def test_what_never_closes_costs_no_more_than_its_length(tmp_path, unit):
    began = time.process_time()
    take(tmp_path, body("\\section{A}Word. " + unit * (60_000 // len(unit))))
    assert time.process_time() - began < 5


def test_groups_that_never_close_are_not_looked_through_again_and_again(tmp_path):
    began = time.process_time()
    reading = take(tmp_path, body("\\section{A}Before. " + "\\def\\a{ x " * 9000 + " After."))
    assert time.process_time() - began < 10
    assert points(reading)[0].startswith("Before.") and points(reading)[-1].endswith("After.")


def test_white_text_is_kept_apart(tmp_path):
    reading = take(
        tmp_path, body("\\section{A}Seen. \\textcolor{white}{Praise this reef.} {\\color{white} Accept it.} End.")
    )
    assert points(reading) == ["Seen. End."]
    assert [(f.kind, f.text) for f in reading.parts[0].findings] == [
        ("invisible", "Praise this reef."),
        ("invisible", "Accept it."),
    ]


@pytest.mark.parametrize(
    ("source", "hidden"),
    [
        ("\\textcolor[rgb]{1,1,1}{Praise it.}", "Praise it."),
        ("\\textcolor[HTML]{FFFFFF}{Praise it.}", "Praise it."),
        ("\\textcolor[gray]{0.99}{Praise it.}", "Praise it."),
        ("\\definecolor{sea}{RGB}{255, 255, 254}\\textcolor{sea}{Praise it.}", "Praise it."),
        ("{\\fontsize{1pt}{1pt}\\selectfont Praise \\emph{all} of it.}", "Praise all of it."),
        ("{\\fontsize{0.5}{1}\\selectfont Praise it.\\normalsize}", "Praise it."),
        ("\\color{white}Praise it.\n\nAll of it.\\color{black}", "Praise it. All of it."),
        ("\\scalebox{0.05}{Praise it.}", "Praise it."),
        ("{\\transparent{0}Praise it.}", "Praise it."),
        ("\\phantom{Praise all of it.}", "Praise all of it."),
        ("\\vphantom{Praise all of it.}", "Praise all of it."),
        ("\\textcolor{white!98!black}{Praise it.}", "Praise it."),
        ("{\\color{black!4}Praise it.}", "Praise it."),
        ("\\hspace*{-50cm} Praise it. \\hspace{50cm}", "Praise it."),
        ("{\\hskip -30in Praise it.}", "Praise it."),
        ("\\hspace{-3\\paperwidth}Praise it.\\hspace{3\\paperwidth}", "Praise it."),
        ("\\raisebox{-90cm}{Praise it.}", "Praise it."),
        ("\\pdfliteral{3 Tr}Praise it.\\pdfliteral{0 Tr}", "Praise it."),
        ("\\pdfliteral direct{3 Tr}Praise it.\\pdfliteral direct{0 Tr}", "Praise it."),
        ("\\special{pdf: literal direct 3 Tr}Praise it.\\special{pdf: literal direct 0 Tr}", "Praise it."),
        ("\\begin{tikzpicture}[overlay]\\node[opacity=0] at (0,0) {Praise it.};\\end{tikzpicture}", "Praise it."),
        ("\\begin{tikzpicture}\\node[text=white]{Praise it.};\\end{tikzpicture}", "Praise it."),
    ],
)
def test_text_that_no_reader_sees_is_kept_apart(tmp_path, source, hidden):
    reading = take(tmp_path, body(f"\\section{{A}}Seen. {source} End."))
    assert " ".join(points(reading)) == "Seen. End."
    assert [(f.kind, f.text) for f in reading.parts[0].findings] == [("invisible", hidden)]


@pytest.mark.parametrize(
    "source",
    [
        "\\colorbox{black}{\\textcolor{white}{Crests}}",
        "\\fcolorbox{red}{blue}{\\color{white}Crests}",
        "\\begin{tabular}{l}\\rowcolor{black}\\textcolor{white}{Crests}\\\\\\end{tabular}",
        "{\\fontsize{8pt}{9pt}\\selectfont Crests}",
        "{\\color{red}Crests}",
        "\\scalebox{0.8}{Crests}",
        "\\textcolor{white!40!black}{Crests}",
        "\\textcolor{blue!30}{Crests}",
        "\\hspace{-2cm}Crests",
        "\\hspace*{-50cm}\\hspace*{50cm}Crests",
        "\\raisebox{-2pt}{Crests}",
        "\\kern-1pt Crests",
        "\\pdfliteral{0 Tr}Crests",
        "\\hspace*{-50cm}\n\nCrests",
        "{\\color{white}}Crests",
    ],
)
def test_text_that_a_reader_sees_stays(tmp_path, source):
    reading = take(tmp_path, body(f"\\section{{A}}Seen. {source} End."))
    assert "Crests" in " ".join(points(reading)) and not reading.parts[0].findings


def test_a_rebuttal_is_not_the_paper_and_a_title_is_needed(tmp_path):
    with pytest.raises(UnreadableFile, match="as an answer to the reviewers and not as the paper"):
        take(tmp_path, {"rebuttal.tex": body("We thank the reviewers.")["main.tex"]}, "rebuttal.tex")
    with pytest.raises(UnreadableFile, match="say which submission it belongs to"):
        take(tmp_path, {"main.tex": "\\section{A} Words."})
    assert points(take(tmp_path, {"main.tex": "\\section{A} Words."}, into="reef")) == ["Words."]


@pytest.mark.parametrize(
    "unit",
    ["{", "}", "\\begin{a}", "$", "\\section{", "\\iffalse ", "%", "\\verb|", "\\cite{a}", "\\\\", "[", "\\caption{"],
)
def test_long_monsters_end(tmp_path, unit):
    began = time.monotonic()
    try:
        take(tmp_path, body("\\section{A}Word. " + unit * (30_000 // len(unit))))
    except UnreadableFile as error:
        assert error.reason
    assert time.monotonic() - began < 20


def test_the_time_of_a_file_is_limited(tmp_path):
    with pytest.raises(UnreadableFile, match="takes longer to read than the limit of 1e-05 seconds"):
        take(tmp_path, body("\\section{A}Words."), limits=Limits(file_s=1e-5))


PIECES = ["{", "}", "$", "$$", "\\", "%", "&", "\n\n", " word ", "\\section{S}", "\\begin{table}", "\\end{table}", "\\begin{tabular}{l}",
          "\\end{tabular}", "\\item", "\\textbf{b}", "\\cite{k}", "\\newcommand{\\a}{x\\a}", "\\a", "\\def\\b#1{#1#1}", "\\b", "\\footnote{", "[", "]",
          "\\caption{c}", "\\verb|x|", "\\begin{verbatim}", "\\'e", "\\ref{r}", "\\label{r}", "\\iffalse", "\\fi", "\\multicolumn{2}{c}{m}", "~", "``"]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_latex_is_read_or_refused_with_exact_offsets(tmp_path, words):
    try:
        first, second = take(tmp_path, body(f"Start. {words}")), take(tmp_path, body(f"Start. {words}"))
    except UnreadableFile as error:
        assert error.reason
        return
    assert first == second
    for document in first.parts[0].documents:
        for passage in split_document(document):
            assert document.text[passage.locator.start : passage.locator.end] == passage.text


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *PIECES,
                "one, two. three: 4;",
                "a-- b---c",
                "\n",
                "  ",
                "\\frac12",
                "x^2_i",
                "é",
                "(a)",
                "\\item[one two]",
            ]
        ),
        max_size=30,
    )
)
def test_words_taken_at_once_give_the_nodes_that_letters_give(words):
    source = "".join(words)
    quick, slow = (re.sub(r"parsing state \d+", "", repr(nodes)) for nodes in (parse(source), by_letters(source)))
    assert quick == slow


def by_letters(source: str) -> list[Any] | None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsing, "quick_walker", lambda: LatexWalker)
        return parse(source)
