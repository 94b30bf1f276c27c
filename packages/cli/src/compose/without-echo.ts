import type { Source } from "../io/io.ts";

/** Node's line editor takes the terminal's echo over, and shows what is typed nowhere. */
export const withoutEcho: Source["withoutEcho"] = async (use) => {
  const { createInterface } = process.getBuiltinModule("node:readline");
  const { Writable } = process.getBuiltinModule("node:stream");
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const editor = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  // Such a terminal sends Ctrl-C as a key; the shell is to see that the program was interrupted.
  editor.once("SIGINT", () => {
    editor.close();
    process.kill(process.pid, "SIGINT");
  });
  const lines = editor[Symbol.asyncIterator]();
  try {
    return await use(async () => {
      const { done, value } = await lines.next();
      return done === true ? undefined : value;
    });
  } finally {
    editor.close();
  }
};
