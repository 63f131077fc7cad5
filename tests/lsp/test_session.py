"""`govctl lsp` driven by a client of its own: every capability, and random edits that a fresh check is held against.

GOVCTL names the program, GOVCTL_LSP_SECONDS says for how long edits are made (30 where it says nothing), and
GOVCTL_LSP_SEED where they begin.
"""

import json
import os
import pathlib
import random
import shutil
import subprocess
import time

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOVCTL = str(ROOT / os.environ.get("GOVCTL", "target/debug/govctl"))
AS_OF = "2026-11-21"
WORKSPACE = ROOT / "target" / "lsp-workspace"
COPY = ROOT / "target" / "lsp-copy"


def fresh(folder: pathlib.Path) -> None:
    """A copy of an example, which nothing of the repository suffers under."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "examples" / "logistics", folder)


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[GOVCTL, "--as-of", AS_OF, "lsp", "--stdio"]))
async def client(lsp_client: LanguageClient):
    fresh(WORKSPACE)
    folder = types.WorkspaceFolder(uri=WORKSPACE.as_uri(), name="logistics")
    capabilities = client_capabilities("visual-studio-code")
    # The client that these are of can be asked to watch files; this one cannot.
    capabilities.workspace.did_change_watched_files = None
    await lsp_client.initialize_session(
        types.InitializeParams(capabilities=capabilities, workspace_folders=[folder])
    )
    yield
    await lsp_client.shutdown_session()


def uri(path: str) -> str:
    return (WORKSPACE / path).as_uri()


def document(path: str) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(uri=uri(path))


def opened(client: LanguageClient, path: str) -> str:
    text = (WORKSPACE / path).read_text()
    item = types.TextDocumentItem(uri=uri(path), language_id="gov", version=1, text=text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    return text


def position(text: str, at: int) -> types.Position:
    """A place by its offset in characters; columns are UTF-16 units."""
    before = text[:at].split("\n")
    return types.Position(line=len(before) - 1, character=len(before[-1].encode("utf-16-le")) // 2)


def place(text: str, needle: str, behind: int = 1) -> types.Position:
    return position(text, text.index(needle) + behind)


@pytest.mark.asyncio
async def test_every_capability_answers(client: LanguageClient):
    routing = "policies/routing.gov"
    text = opened(client, routing)
    estate = opened(client, "estate/use-cases.yaml")
    at = place(text, "use_case == ", len("use_case == ") + 1)
    where = {"text_document": document(routing), "position": at}

    hover = await client.text_document_hover_async(types.HoverParams(**where))
    assert "goes to" in hover.contents.value
    defined = await client.text_document_definition_async(types.DefinitionParams(**where))
    assert defined[0].uri == uri("estate/use-cases.yaml")
    context = types.ReferenceContext(include_declaration=True)
    used = await client.text_document_references_async(types.ReferenceParams(context=context, **where))
    assert {one.uri for one in used} >= {uri(routing), uri("estate/use-cases.yaml"), uri("registry/providers.yaml")}
    marked = await client.text_document_document_highlight_async(types.DocumentHighlightParams(**where))
    assert marked
    prepared = await client.text_document_prepare_rename_async(types.PrepareRenameParams(**where))
    assert prepared.placeholder in text
    renamed = await client.text_document_rename_async(types.RenameParams(new_name="customer-care", **where))
    assert set(renamed.changes) >= {uri(routing), uri("estate/use-cases.yaml"), uri("registry/providers.yaml")}
    completed = await client.text_document_completion_async(types.CompletionParams(**where))
    assert prepared.placeholder in [item.label for item in completed.items]
    lenses = await client.text_document_code_lens_async(types.CodeLensParams(text_document=document(routing)))
    assert "use case" in lenses[0].command.title
    lenses = await client.text_document_code_lens_async(
        types.CodeLensParams(text_document=document("estate/use-cases.yaml"))
    )
    command = lenses[0].command
    said = await client.workspace_execute_command_async(
        types.ExecuteCommandParams(command=command.command, arguments=command.arguments)
    )
    assert said.endswith(".")
    options = types.FormattingOptions(tab_size=2, insert_spaces=True)
    laid_out = await client.text_document_formatting_async(
        types.DocumentFormattingParams(text_document=document(routing), options=options)
    )
    assert not laid_out
    symbols = await client.text_document_document_symbol_async(
        types.DocumentSymbolParams(text_document=document(routing))
    )
    assert len(symbols) > 3
    found = await client.workspace_symbol_async(types.WorkspaceSymbolParams(query="planning"))
    assert any(one.name == "planning" for one in found)
    folds = await client.text_document_folding_range_async(
        types.FoldingRangeParams(text_document=document(routing))
    )
    assert folds
    tokens = await client.text_document_semantic_tokens_full_async(
        types.SemanticTokensParams(text_document=document(routing))
    )
    assert len(tokens.data) % 5 == 0 and tokens.data
    whole = types.Range(start=types.Position(0, 0), end=types.Position(10_000, 0))
    hints = await client.text_document_inlay_hint_async(
        types.InlayHintParams(text_document=document("policies/failover.gov"), range=whole)
    )
    assert any("usd" in hint.label for hint in hints)

    # A name misspelt, and the quick fix that mends it.
    level = place(estate, "data_classification: ", len("data_classification: "))
    change(client, "estate/use-cases.yaml", 2, types.Range(level, level), "x")
    await client.text_document_hover_async(types.HoverParams(**where))
    broken = client.diagnostics[uri("estate/use-cases.yaml")]
    assert [one.code for one in broken] == ["unknown-name"]
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(
            text_document=document("estate/use-cases.yaml"),
            range=broken[0].range,
            context=types.CodeActionContext(diagnostics=broken),
        )
    )
    assert actions and list(actions[0].edit.changes) == [uri("estate/use-cases.yaml")]
    # What is not decided any more is still answered from before.
    hover = await client.text_document_hover_async(types.HoverParams(**where))
    assert "goes to" in hover.contents.value


def change(client: LanguageClient, path: str, version: int, range_: types.Range, text: str) -> None:
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=uri(path), version=version),
            content_changes=[types.TextDocumentContentChangePartial(range=range_, text=text)],
        )
    )


WORDS = [
    "", "", "", " ", "\n", "{", "}", "}\n", "\"", "#", "é", "𝄞", "x", "0", "-", "rule", "when ", "planning", " and ",
    "openai", "cheapest", "confidential", "\t", "\r\n", ":", "- ", "[", "]", "use_case == analysis", "# govctl: allow(",
    "failover f { none }\n", "budget b { limit 5 usd per day }\n", "fact f in {a, b} default a\n", "until 2027-01-31 ",
]


def checked(texts: dict[str, str]) -> list[tuple]:
    """What a fresh check of these texts finds, each with its place in UTF-16 units."""
    for path, text in texts.items():
        (COPY / path).write_bytes(text.encode())
    command = [GOVCTL, "-C", str(COPY), "--as-of", AS_OF, "check", "--format", "json"]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    lines = {path: text.split("\n") for path, text in texts.items()}
    found = []
    for one in report["findings"]:
        path = one["file"]
        if path not in lines:
            lines[path] = (COPY / path).read_text().split("\n") if (COPY / path).is_file() else [""]

        def unit(line: int, column: int) -> tuple[int, int]:
            text = lines[path][line - 1] if line <= len(lines[path]) else ""
            return line - 1, len(text[: column - 1].encode("utf-16-le")) // 2

        start, end = unit(one["line"], one["column"]), unit(one["end_line"], one["end_column"])
        # An editor shows what does not show; a report in JSON leaves that to whoever reads it.
        message = one["message"].replace("\t", "\\t")
        found.append((path, one["code"], one["severity"], message, start, end))
    return sorted(found)


def told(client: LanguageClient) -> list[tuple]:
    """What the server has told, in the same words."""
    found = []
    for address, diagnostics in client.diagnostics.items():
        path = address.removeprefix(WORKSPACE.as_uri() + "/")
        for one in diagnostics:
            severity = "error" if one.severity == types.DiagnosticSeverity.Error else "warning"
            start, end = one.range.start, one.range.end
            message = one.message.split("\n")[0]
            found.append(
                (path, one.code, severity, message, (start.line, start.character), (end.line, end.character))
            )
    return sorted(found)


@pytest.mark.asyncio
async def test_after_each_edit_the_diagnostics_are_those_of_a_fresh_check(client: LanguageClient):
    fresh(COPY)
    seed = int(os.environ.get("GOVCTL_LSP_SEED", "1"))
    seconds = float(os.environ.get("GOVCTL_LSP_SECONDS", "30"))
    chance = random.Random(seed)
    paths = [
        str(path.relative_to(WORKSPACE)) for path in sorted(WORKSPACE.rglob("*")) if path.suffix in (".gov", ".yaml")
    ]
    original = {path: opened(client, path) for path in paths}
    texts, versions = dict(original), dict.fromkeys(paths, 1)
    until, edits = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        path = chance.choice(paths)
        text = texts[path]
        if chance.random() < 0.15:
            # Back to what was there, so that there are states without errors.
            start, end, new = 0, len(text), original[path]
        else:
            start = chance.randrange(len(text) + 1)
            end = min(len(text), start + chance.choice([0, 0, 0, 1, 2, 9]))
            new = chance.choice(WORDS)
        changed = text[:start] + new + text[end:]
        # A carriage return alone ends a line for the protocol and not for a check.
        if "\r" in changed.replace("\r\n", ""):
            continue
        versions[path] += 1
        range_ = types.Range(start=position(text, start), end=position(text, end))
        change(client, path, versions[path], range_, new)
        texts[path] = changed
        edits += 1
        # Its answer comes behind what is told of the edit.
        where = {"text_document": document(path), "position": range_.start}
        await client.text_document_hover_async(types.HoverParams(**where))
        await client.text_document_completion_async(types.CompletionParams(**where))
        assert told(client) == checked(texts), f"seed {seed}, edit {edits} in {path}: {text[start:end]!r} -> {new!r}"
    print(f"{edits} edits")
    assert edits > 5
