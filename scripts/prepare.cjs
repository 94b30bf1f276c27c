// The build needs the Node 24 that `npm ci` has just brought; this runs on any Node since 12. npm 11 links it as `node`
// for scripts, and npm 10 may unlink it again with the one for another processor, which it leaves out.
"use strict";
const { spawnSync } = require("child_process");
const fs = require("fs");
const path = require("path");

const modules = path.join(__dirname, "../node_modules");
const link = path.join(modules, ".bin/node");
const brought = path.join(modules, "node-" + process.platform + "-" + process.arch, "bin/node");

if (fs.existsSync(brought) && !fs.existsSync(link))
  fs.symlinkSync(path.relative(path.dirname(link), brought), link);

const isNew = Number(process.versions.node.split(".")[0]) >= 24;
const node = !isNew && fs.existsSync(brought) ? brought : process.execPath;
const build = spawnSync(node, [path.join(__dirname, "build.ts")], { stdio: "inherit" });
if (build.error) throw build.error;
process.exitCode = build.status === null ? 1 : build.status;
