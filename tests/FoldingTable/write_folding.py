#!/usr/bin/env python3
"""Writes core/Feedback/folding.txt: what each character becomes where words are compared (core/Feedback/FoldedText.cs).

The Unicode Character Database speaks through Python's unicodedata, whose version stands in the table's first line:

    python3 tests/FoldingTable/write_folding.py > core/Feedback/folding.txt

A line is one of
    FROM TO          a character, and what it becomes
    FROM-LAST TO     a run of characters, which become TO and those after it, one by one
    FROM             a character (FROM-LAST: a run) that becomes nothing
    =CLASS FROM-LAST characters of a combining class that is not 0
Numbers are code points in base 16, classes in base 10. Hangul syllables are left out: they are taken apart by arithmetic.
"""
import sys
import unicodedata as ucd

# Default_Ignorable_Code_Point (DerivedCoreProperties.txt), which unicodedata does not tell.
IGNORABLE = [
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
    (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
]
# The iota below moves in canonical order before it folds to a letter, so the program folds it last.
YPOGEGRAMMENI = "\u0345"


def is_ignorable(code):
    return any(first <= code <= last for first, last in IGNORABLE)


def fold(text):
    folded = "".join(c if c == YPOGEGRAMMENI else c.casefold() for c in ucd.normalize("NFKD", text))
    return "".join(c for c in ucd.normalize("NFKD", folded) if not is_ignorable(ord(c)))


def full(text):
    while (folded := fold(text)) != text:
        text = folded
    return text


def codes(text):
    return " ".join(f"{ord(c):X}" for c in text)


def run(first, last):
    return f"{first:X}" if first == last else f"{first:X}-{last:X}"


def main():
    mapped, classes = {}, {}
    for code in range(0x110000):
        if 0xD800 <= code <= 0xDFFF or 0xAC00 <= code <= 0xD7A3:
            continue
        character = chr(code)
        target = full(character)
        if target != character:
            mapped[code] = target
        if ucd.combining(character):
            classes[code] = ucd.combining(character)

    out = [f"# Unicode {ucd.unidata_version}, written by tests/FoldingTable/write_folding.py"]
    done = set()
    for code in sorted(mapped):
        if code in done:
            continue
        last = code
        target = mapped[code]
        if len(target) == 1:
            while mapped.get(last + 1) == chr(ord(target) + last + 1 - code):
                last += 1
        elif not target:
            while mapped.get(last + 1) == "":
                last += 1
        done.update(range(code, last + 1))
        out.append(f"{run(code, last)} {codes(target)}".rstrip())
    done = set()
    for code in sorted(classes):
        if code in done:
            continue
        last = code
        while classes.get(last + 1) == classes[code]:
            last += 1
        done.update(range(code, last + 1))
        out.append(f"={classes[code]} {run(code, last)}")
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
