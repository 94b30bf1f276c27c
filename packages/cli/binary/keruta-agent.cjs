// The agent in a single binary.
"use strict";
import("../dist/keruta-agent.js").catch(function (error) {
  process.stderr.write("keruta-agent: " + ((error && error.stack) || error) + "\n");
  process.exitCode = 125;
});
