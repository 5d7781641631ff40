#!/usr/bin/env python3
"""Growth of a review in instructions: for each kind of text, what doubling it multiplies the cost by.

    cargo build --release && benches/growth.py [NAME …]

Needs valgrind. An instruction count does not depend on the machine's load. What the program costs on an empty draft is taken off first.
A factor above 2.2 is an error. With `--subset DIR …` it counts the instructions of `sekisho check` over drafts instead."""
import pathlib, re, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target/release/sekisho"
JA = "乙は、甲の秘密情報を第三者に開示してはならない。"
EN = "The Supplier shall not disclose the Confidential Information to any third party without the prior written consent of the Buyer. "
TEXTS = {
    "text": lambda n: "".join(f"第{i}条（秘密保持）\n{JA * 4}\n\n" for i in range(1, n // 4)),
    "english": lambda n: "".join(f"{i}. CONFIDENTIALITY. {EN * 4}\n\n" for i in range(1, n // 4)),
    "one-line": lambda n: "第1条（秘密保持）\n" + JA * (2 * n),
    "one-sentence": lambda n: "1. A. " + "the supplier shall disclose information and " * (2 * n),
    "brackets": lambda n: "第1条（目的）\n" + "（" * (20 * n) + "甲" + "）" * (20 * n),
    "block-quotes": lambda n: "> " * (40 * n) + "甲",
    "list-levels": lambda n: "- " * (10 * n) + "甲",
    "article-word": lambda n: "第1条" * (40 * n),
    "articles": lambda n: "第1条\n" * (10 * n),
    "numbered": lambda n: "".join(f"第{i}条（秘密）\n乙は、第{i}条に従う。\n\n" for i in range(1, 4 * n)),
    "contracts": lambda n: "第1条（あ）\n甲\n第2条（い）\n乙\n" * (2 * n),
    "items": lambda n: "第1条（禁止）\n乙は、次の行為をしてはならない。\n" + "（1）秘密情報の複製\n" * (4 * n),
    "nested-items": lambda n: "1. USE.\n\n" + "(a) the supplier shall:\n\n(i) disclose:\n\n(A) copy:\n\n" * n,
    "set-in-items": lambda n: "第1条（例外）\n\n1. 次の情報を除く。\n" + "  1. 公知の情報\n" * (10 * n),
    "bare-items": lambda n: "1. USE.\n\n" + "The supplier shall not:\n\ncopy it;\n\n" * (4 * n),
    "provisos": lambda n: "第1条（目的）\n乙は開示してはならない。" + "ただし、甲が承諾したときは、この限りでない。" * (2 * n),
    "references": lambda n: "第1条（目的）\n甲は、" + "第1条、第9条、" * (4 * n),
    "blanks": lambda n: "第1条（目的）\n甲は、" + "［　　］を" * (4 * n),
    "terms": lambda n: "第1条（定義）\n" + "".join(f"「用語{i}」とは、情報をいう。\n" for i in range(2 * n)),
    "underscores": lambda n: "第1条（目的）\n甲は、" + "_" * (100 * n) + "*",
    "spaces": lambda n: "第1条（目的）\n甲は、" + " " * (100 * n) + "a",
}


def instructions(*paths):
    with tempfile.NamedTemporaryFile() as out:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}", PROGRAM, "check", "--exit-zero", "--format", "json", *paths]
        run = subprocess.run(command, capture_output=True, text=True, env={"RAYON_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"})
        return int(re.search(r"Collected : (\d+)", run.stderr).group(1))


def main():
    if sys.argv[1:2] == ["--subset"]:
        for place in sys.argv[2:]:
            drafts = sorted(pathlib.Path(place).glob("*.md"))[::10]
            size = sum(d.stat().st_size for d in drafts)
            cost = instructions(*drafts) - instructions(drafts[0])
            print(f"{place}: {len(drafts)} drafts, {cost / 1e6:.0f} million instructions, {cost / size:.0f} a byte")
        return 0
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        draft = pathlib.Path(folder) / "t.md"
        draft.write_text("甲")
        empty = instructions(draft)
        print(f"{'empty draft':<14} {empty / 1e6:>8.1f} million")
        for name, text in TEXTS.items():
            if sys.argv[1:] and name not in sys.argv[1:]:
                continue
            costs = []
            for n in (200, 400, 800):
                draft.write_text(text(n))
                costs.append(instructions(draft) - empty)
            factors = [b / a for a, b in zip(costs, costs[1:])]
            bad += factors[-1] > 2.2
            print(f"{name:<14} " + " ".join(f"{c / 1e6:>8.1f}" for c in costs) + "   " + " ".join(f"× {f:.2f}" for f in factors))
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
