// What a single binary starts: Node with the package's files as assets in it, which are loaded from there as if they
// lay below the binary's own path (docs/adr/0020).
"use strict";
const { getAsset } = require("node:sea");
const { createRequire, registerHooks } = require("node:module");
const { pathToFileURL } = require("node:url");

const inside = pathToFileURL(process.execPath).href + "/";

registerHooks({
  resolve: function (specifier, context, next) {
    const isOurs = specifier.startsWith(".") && context.parentURL && context.parentURL.startsWith(inside);
    const url = isOurs ? new URL(specifier, context.parentURL).href : specifier;
    return url.startsWith(inside) ? { url, shortCircuit: true } : next(specifier, context);
  },
  load: function (url, context, next) {
    if (!url.startsWith(inside)) return next(url, context);
    const format = url.endsWith(".cjs") ? "commonjs" : "module";
    return { format, source: getAsset(url.slice(inside.length), "utf8"), shortCircuit: true };
  },
});

// `keruta __agent run …` is the agent that the local runner starts.
const isAgent = process.argv[2] === "__agent";
if (isAgent) process.argv.splice(2, 1);
const entry = isAgent ? "./bin/keruta-agent.cjs" : getAsset("entry", "utf8");
createRequire(inside)(entry);
