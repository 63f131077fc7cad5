-- What a user of Neovim does in a workspace, with the configuration of docs/editors.md: see neovim.py.

local function wait(what, test)
  assert(vim.wait(60000, test, 20), "waited in vain for " .. what)
end

local function expect(what, found)
  if not found then
    error("not so: " .. what)
  end
  io.stdout:write("  " .. what .. "\n")
end

local function main()
  vim.cmd.edit("policies/wishes.gov")
  expect("a policy is `gov`", vim.bo.filetype == "gov")
  wait("the server", function()
    local clients = vim.lsp.get_clients({ bufnr = 0 })
    return clients[1] and clients[1].initialized
  end)
  local client = vim.lsp.get_clients({ bufnr = 0 })[1]
  expect("the root is the workspace", client.root_dir == vim.uv.cwd())

  local document = { textDocument = vim.lsp.util.make_text_document_params(0) }
  local function ask(method, more)
    local answer = client:request_sync(method, vim.tbl_extend("force", document, more or {}), 60000, 0)
    assert(answer and not answer.err, method .. ": " .. vim.inspect(answer))
    return answer.result
  end
  local function here()
    return vim.lsp.util.make_position_params(0, client.offset_encoding)
  end

  -- A slip, its diagnostic, its fix.
  vim.api.nvim_buf_set_lines(0, -1, -1, false, {
    "",
    "preference rule tried {",
    "  when    use_case == hr.handbok",
    "  prefer  cheapest",
    '  because "an editor tries it"',
    "}",
  })
  local line = vim.api.nvim_buf_line_count(0) - 3
  local function is_found()
    return vim.iter(vim.diagnostic.get(0)):any(function(one)
      return one.code == "unknown-name" and one.lnum == line - 1
    end)
  end
  wait("a diagnostic", is_found)
  vim.api.nvim_win_set_cursor(0, { line, 24 })
  local range = vim.lsp.util.make_range_params(0, client.offset_encoding).range
  local action = ask("textDocument/codeAction", { range = range, context = { diagnostics = {} } })[1]
  vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
  local mended = "  when    use_case == hr.handbook"
  expect("a quick fix mends it", vim.api.nvim_buf_get_lines(0, line - 1, line, false)[1] == mended)
  wait("no diagnostic", function()
    return not is_found()
  end)

  -- Questions.
  local hover = ask("textDocument/hover", here())
  expect("hover says where it goes", hover.contents.value:find("goes to", 1, true))
  local at = ask("textDocument/definition", here())[1]
  expect("definition is in the estate", (at.uri or at.targetUri):find("estate/hr.yaml", 1, true))
  expect("completion offers something", #ask("textDocument/completion", here()).items > 0)
  expect("symbols", #ask("textDocument/documentSymbol") > 10)
  expect("code lenses", ask("textDocument/codeLens")[1].command.title:find("context", 1, true))
  expect("semantic tokens", #ask("textDocument/semanticTokens/full").data > 100)
  expect("the layout is that of fmt", #ask("textDocument/formatting", { options = { tabSize = 2, insertSpaces = true } }) == 0)

  -- A rename in every buffer at once.
  vim.lsp.buf.rename("hr.manual")
  wait("a rename", function()
    return vim.api.nvim_buf_get_lines(0, line - 1, line, false)[1]:find("hr.manual", 1, true)
  end)
  local renamed = {}
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.bo[buffer].modified then
      renamed[vim.fs.basename(vim.api.nvim_buf_get_name(buffer))] = true
    end
  end
  expect("a rename reaches policies, registry and estate", renamed["hr.yaml"] and renamed["mistral.yaml"] and renamed["wishes.gov"])

  -- Colours and folds.
  vim.treesitter.get_parser(0, "gov"):parse(true)
  expect("colours", vim.treesitter.get_captures_at_pos(0, 0, 0)[1].capture == "comment")
  expect("folds", vim.fn.foldlevel(4) == 1)

  -- Where it is asked, and where it is not.
  vim.cmd("edit! estate/support.yaml")
  wait("the server for YAML", function()
    return #vim.lsp.get_clients({ bufnr = 0 }) == 1
  end)
  local elsewhere = vim.fn.tempname() .. ".yaml"
  vim.fn.writefile({ "a: 1" }, elsewhere)
  vim.cmd("edit! " .. elsewhere)
  vim.wait(1000)
  expect("YAML elsewhere is left alone", #vim.lsp.get_clients({ bufnr = 0 }) == 0)
  client:stop()
  wait("the end", function()
    return #vim.lsp.get_clients() == 0
  end)
end

local is_fine, why = pcall(main)
if not is_fine then
  io.stderr:write(tostring(why) .. "\n")
end
vim.cmd(is_fine and "qall!" or "cquit! 1")
