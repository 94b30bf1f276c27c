// Put into the bundle in the place of better-sqlite3's own lib/binding.js.
const { getRawAsset, isSea } = process.getBuiltinModule("node:sea");
let embedded;

exports.getBinding = (chosen) =>
  isSea() ? (embedded ??= loadEmbedded()) : require(installed()).getBinding(chosen);

/** The package exports its manifest and not the file that is wanted, which lies beside it. */
function installed() {
  return require.resolve("better-sqlite3/package.json").replace("package.json", "lib/binding.js");
}

/** A library can be loaded from a file only: one that is gone as soon as it is loaded. */
function loadEmbedded() {
  const { mkdtempSync, rmSync, writeFileSync } = process.getBuiltinModule("node:fs");
  const { homedir, tmpdir } = process.getBuiltinModule("node:os");
  const { join } = process.getBuiltinModule("node:path");
  const bytes = new Uint8Array(getRawAsset("better_sqlite3.node"));
  const complaints = [];
  for (const place of [tmpdir(), process.env.XDG_RUNTIME_DIR, "/dev/shm", homedir()]) {
    if (!place) continue;
    let directory;
    try {
      directory = mkdtempSync(join(place, ".keruta-"));
      const file = join(directory, "better_sqlite3.node");
      writeFileSync(file, bytes, { mode: 0o500 });
      const library = { exports: {} };
      process.dlopen(library, file);
      return library.exports;
    } catch (error) {
      complaints.push(error.message);
    } finally {
      if (directory) rmSync(directory, { recursive: true, force: true });
    }
  }
  throw new Error(
    `the binary has to write its SQLite library to a folder from which programs may run, and found none: ${complaints.join("; ")}. Name one with TMPDIR.`,
  );
}
