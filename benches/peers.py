#!/usr/bin/env python3
"""Time and memory of sekisho beside other tools that read contracts or Markdown, over the same files.

    cargo build --release && benches/peers.py TOOLS [NAME …]

TOOLS is a folder with what docs/performance.md says how to install. Each program runs three times; the run that took least is printed, with
its processor time and the peak memory of its largest process. Needs GNU time and the corpora beside the checkout."""
import pathlib, re, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPORA = ROOT.parent / "shared/corpora"
SEKISHO = [ROOT / "target/release/sekisho", "check", "--all-clauses", "--exit-zero", "--format", "jsonl"]

# Reads as many contracts as commonform-commonmark can; says how many those were.
COMMONFORM = """
const fs = require('fs'), { parse } = require('commonform-commonmark'), critique = require('commonform-critique')
let files = 0, bytes = 0
for (const file of process.argv.slice(1)) {
  const text = fs.readFileSync(file, 'utf8')
  let form
  try { form = parse(text).form } catch (error) { continue }
  console.log(JSON.stringify(critique(form)))
  files += 1
  bytes += Buffer.byteLength(text)
}
console.error(`read ${files} files, ${bytes} bytes`)
"""

# The extractors that need no data from elsewhere and come nearest to what a review reads.
LEXNLP = """
import json, sys, warnings
warnings.filterwarnings("ignore")
from lexnlp.extract.en import conditions, constraints, dates
for path in sys.argv[1:]:
    text = open(path, encoding="utf-8").read()
    found = [conditions.get_conditions, constraints.get_constraints, dates.get_dates]
    print(json.dumps([[str(x) for x in f(text)] for f in found]))
"""


def tools(folder):
    node = folder / "node_modules"
    textlint = [node / ".bin/textlint", "--format", "json", "--no-textlintrc", "--preset"]
    return {
        "sekisho": SEKISHO,
        "sekisho-1": [*SEKISHO, "--jobs", "1"],
        "rumdl": [node / ".bin/rumdl", "check", "--no-config", "--no-cache", "--output-format", "json"],
        "harper": [folder / "py/bin/harper", "lint", "--quiet", "--format", "json"],
        "commonform": ["node", "-e", COMMONFORM, "--"],
        "lexnlp": [folder / "py38/bin/python", "-c", LEXNLP],
        "preset-japanese": [*textlint, "preset-japanese"],
        "preset-ja-technical-writing": [*textlint, "preset-ja-technical-writing"],
    }


def least(command, files, folder):
    """Seconds, processor seconds and MB of the quickest of three runs, and what it said last."""
    runs = []
    for _ in range(3):
        with tempfile.NamedTemporaryFile("r") as out:
            timed = ["/usr/bin/time", "-o", out.name, "-f", "%e %U %S %M", *command, *files]
            run = subprocess.run(timed, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            wall, user, system, kb = map(float, out.read().split("\n")[-2].split())
            runs.append((wall, user + system, kb / 1024, run.returncode, run.stderr.strip().split("\n")[-1][:60]))
    return min(runs)


def corpora(copies):
    english, japanese = (sorted((CORPORA / name / "docs").glob("*.md")) for name in ("cuad", "ja"))
    again = []
    for i in range(5):
        for file in japanese:
            again.append(copies / f"{i}-{file.name}")
            again[-1].write_bytes(file.read_bytes())
    yield "English", english, ["sekisho", "sekisho-1", "rumdl", "commonform"]
    yield "English, every tenth", english[::10], ["sekisho", "sekisho-1", "rumdl", "commonform", "harper", "lexnlp"]
    yield "Japanese", japanese, ["sekisho", "sekisho-1", "rumdl", "preset-japanese", "preset-ja-technical-writing"]
    yield "Japanese, 5 times", again, ["sekisho", "sekisho-1", "rumdl", "preset-japanese", "preset-ja-technical-writing"]


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    commands = tools(folder)
    with tempfile.TemporaryDirectory() as copies:
        for title, files, names in corpora(pathlib.Path(copies)):
            size = sum(f.stat().st_size for f in files) / 1e6
            print(f"{title}: {len(files)} files, {size:.2f} MB", flush=True)
            for name in names:
                if not sys.argv[2:] or name in sys.argv[2:]:
                    wall, cpu, memory, code, said = least(commands[name], files, folder)
                    read = re.fullmatch(r"read .*, (\d+) bytes", said)
                    speed = (int(read.group(1)) / 1e6 if read else size) / wall
                    print(f"  {name:<28} {wall:>7.2f} s {speed:>7.2f} MB/s {cpu:>7.2f} s cpu {memory:>6.0f} MB  exit {code} {said}", flush=True)


main()
