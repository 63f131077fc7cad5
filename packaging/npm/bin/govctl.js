#!/usr/bin/env node
// Runs the program of the package for this platform, with the same arguments, streams and status.
"use strict";

const { spawnSync } = require("node:child_process");

/** Whether the C library is musl: Node's report names glibc's version where that is it. */
function isMusl() {
  return process.platform === "linux" && !process.report.getReport().header.glibcVersionRuntime;
}

/** The package that holds the program, and its path in it. */
function program() {
  const platform = `${process.platform}-${process.arch}${isMusl() ? "-musl" : ""}`;
  const name = process.platform === "win32" ? "govctl.exe" : "govctl";
  try {
    return require.resolve(`@govctl/${platform}/bin/${name}`);
  } catch {
    console.error(
      `govctl: there is no program for ${platform}, or it was not installed.\n` +
        `  If npm ran with --omit=optional, install again without it; else build it with \`cargo install govctl\`.`,
    );
    process.exit(2);
  }
}

const ended = spawnSync(program(), process.argv.slice(2), { stdio: "inherit" });
if (ended.error) {
  console.error(`govctl: ${ended.error.message}`);
  process.exit(2);
}
if (ended.signal) {
  process.kill(process.pid, ended.signal);
}
process.exit(ended.status);
