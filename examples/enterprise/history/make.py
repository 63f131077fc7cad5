#!/usr/bin/env python3
"""Makes a git repository of the year behind this workspace: `make.py DIR`.

Four quarters, each a commit and a tag: `2026-q1` to `2026-q4`. The last is the workspace as it stands; the others are
made by undoing what each quarter did, so that the story stays true to the files. What happened is an example.
The same files give the same commits, whoever runs this, wherever and whenever.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent

# What each quarter did: file, the text since then, the text before. None: the file is new.
Q2 = [
    ("registry/ovhcloud.yaml", None, None),
    ("policies/tests.gov", """\

test "an empty account leads to another provider" {
  given  use_case code.docs, on out-of-credit
  expect anthropic/claude-haiku-5-5 then queue
}
""", ""),
]
Q3 = [
    (
        "registry/anthropic.yaml",
        """\
        cost_per_1m_tokens_input: 4
        cost_per_1m_tokens_output: 20
""",
        """\
        cost_per_1m_tokens_input: 5
        cost_per_1m_tokens_output: 25
""",
    ),
    (
        "registry/anthropic.yaml",
        '{status: confirmed, document: "DPA-2026-102", renews: 2028-03-31}',
        '{status: confirmed, document: "DPA-2024-031", renews: 2026-09-30}',
    ),
]
Q4 = [
    # Outages are rehearsed, and what came of it is written down.
    ("estate/drills.yaml", None, None),
    # The model of 2024 is gone, and the review bot fails over to another one.
    (
        "registry/openai.yaml",
        """\
        tier: premium
        data_classification_max: internal
        cost_per_1m_tokens_input: 10
""",
        """\
        tier: premium
        approved_use_cases: [code.review]
        data_classification_max: internal
        cost_per_1m_tokens_input: 10
""",
    ),
    (
        "registry/openai.yaml",
        "      # Gone since the sunset below; it stays here for the logs of the summer.\n",
        "",
    ),
    ("registry/openai.yaml", "failover_to: anthropic/claude-opus-4-8", "failover_to: openai/gpt-4-turbo"),
    (
        "registry/anthropic.yaml",
        """\
      - name: claude-opus-4-8
        tier: premium
        approved_use_cases: [code.review]
""",
        """\
      - name: claude-opus-4-8
        tier: premium
""",
    ),
    (
        "policies/tests.gov",
        "openai/gpt-6-sol -> anthropic/claude-opus-4-8 then block",
        "openai/gpt-6-sol -> openai/gpt-4-turbo then block",
    ),
    # A certification was not renewed, and what rested on it was moved.
    (
        "registry/vertex-eu.yaml",
        "    # The health attestation ended in October and nobody has renewed it: the models stay, and no patient is sent there.\n",
        "",
    ),
    (
        "policies/failover.gov",
        "bedrock-eu/claude-sonnet-5-5 -> bedrock-eu/claude-sonnet-4-5\n",
        "bedrock-eu/claude-sonnet-5-5 -> vertex-eu/gemini-3.8-flash\n",
    ),
    (
        "registry/bedrock-eu.yaml",
        """\
        tier: standard
        approved_use_cases: ["care.*"]
""",
        """\
        tier: standard
""",
    ),
    (
        "policies/tests.gov",
        "\n         -> bedrock-eu/claude-sonnet-4-5 then queue\n",
        " -> vertex-eu/gemini-3.8-flash then queue\n",
    ),
    (
        "policies/tests.gov",
        """\
test "with both clouds down a note waits rather than leaks" {
  given  use_case care.notes, down azure-eu, down bedrock-eu
  expect terminal queue
}

test "since the attestation ended, no letter goes to Vertex, whatever is down" {
  given  use_case care.letters, down azure-eu
  expect never vertex-eu
""",
        """\
test "with three clouds down a note waits rather than leaks" {
  given  use_case care.notes, down azure-eu, down bedrock-eu, down vertex-eu
  expect terminal queue
}

test "a letter is written by Bedrock while Azure is down" {
  given  use_case care.letters, down azure-eu
""",
    ),
    # Another long reader is on trial, now that the old one is gone.
    (
        "registry/vertex-eu.yaml",
        "      # Gone since the sunset below; it stays here for the logs of the summer.\n",
        "",
    ),
    (
        "policies/wishes.gov",
        """\
preference rule trial-of-the-long-reader {
  when    use_case == marketing.research
  prefer  vertex-eu/gemini-3.1-pro-preview
  until   2026-12-31
  because "on trial until the end of the year"
}
""",
        """\
preference rule long-reader {
  when    use_case == marketing.research
  prefer  vertex-eu/gemini-2.5-pro
  because "it read five hundred pages without losing the thread"
}
""",
    ),
    (
        "policies/tests.gov",
        """\
test "the long reader is on trial" {
  given  use_case marketing.research
  expect primary vertex-eu/gemini-3.1-pro-preview
  expect rule trial-of-the-long-reader
}
""",
        """\
test "reports are read by the long reader" {
  given  use_case marketing.research
  expect primary vertex-eu/gemini-2.5-pro
}
""",
    ),
]
QUARTERS = [
    ("2026-q1", "2026-02-16", "The portfolio as the year begins", []),
    ("2026-q2", "2026-05-18", "Add OVHcloud, with open weights for what is public", Q2),
    ("2026-q3", "2026-08-17", "Renew the contract with Anthropic, whose price is down", Q3),
    ("2026-q4", "2026-11-16", "Leave two models that are gone and an attestation that has ended", Q4),
]


def now() -> dict[str, str]:
    """The workspace as it stands: text by path."""
    paths = [HOME / "govctl.yaml"]
    for folder in ("registry", "estate", "policies"):
        paths += sorted((HOME / folder).iterdir())
    return {path.relative_to(HOME).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def undone(files: dict[str, str], edits: list) -> dict[str, str]:
    """The workspace before a quarter's edits."""
    files = dict(files)
    for path, since, before in edits:
        if since is None:
            del files[path]
            continue
        if files[path].count(since) != 1:
            sys.exit(f"{path} has moved on: not exactly once there:\n{since}")
        files[path] = files[path].replace(since, before)
    return files


def git(folder: Path, day: str, *arguments: str) -> None:
    """Runs git without what the surroundings would change."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for who in ("AUTHOR", "COMMITTER"):
        environment[f"GIT_{who}_NAME"] = "AI platform"
        environment[f"GIT_{who}_EMAIL"] = "ai-platform@example.com"
        environment[f"GIT_{who}_DATE"] = f"{day}T09:00:00+00:00"
    settings = ["-c", "core.autocrlf=false", "-c", "core.fileMode=false", "-c", "gc.auto=0"]
    subprocess.run(["git", *settings, *arguments], cwd=folder, env=environment, check=True)


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: make.py DIR")
    folder = Path(sys.argv[1])
    if folder.exists() and any(folder.iterdir()):
        sys.exit(f"{folder} is not empty")
    folder.mkdir(parents=True, exist_ok=True)
    states = [now()]
    for _, _, _, edits in reversed(QUARTERS[1:]):
        states.append(undone(states[-1], edits))
    git(folder, "2026-01-01", "init", "-q", "--template=", "--object-format=sha1", "-b", "main")
    for (tag, day, message, _), files in zip(QUARTERS, reversed(states)):
        for old in ("registry", "estate", "policies"):
            shutil.rmtree(folder / old, ignore_errors=True)
        for path, text in files.items():
            target = folder / path
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(text.encode())
        git(folder, day, "add", "-A")
        git(folder, day, "commit", "-q", "-m", message)
        git(folder, day, "tag", tag)


main()
