import { PassThrough } from "node:stream";
import type { Control } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import { readCommand } from "./read-command.ts";

test("output that cannot be read to its end is an error in the log, after what could be, and no end of the run", async () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exited = Promise.resolve({ exitCode: 0, signal: null });
  const seen: unknown[] = [];
  const pipeline = {
    push: (bytes: Uint8Array) => void seen.push(Buffer.from(bytes).toString()),
    pause: () => undefined,
    hasUnfinishedLine: false,
    end: () => void seen.push("end"),
    digest: () => ({ bytes: 0, sha256: "" }),
  };
  const journal = {
    output: () => undefined,
    control: (control: Control) => void seen.push(control),
    commit: () => undefined,
    mark: () => undefined,
    hasRoom: true,
    room: () => Promise.resolve(),
    sequence: 0,
  };
  const reading = readCommand(
    { pid: 1, stdout, stderr, exited },
    { stdout: pipeline, stderr: pipeline, journal },
  );
  stderr.end();
  stderr.destroy();
  const read = new Promise((resolve) => void stdout.once("data", resolve));
  stdout.write("some");
  await read;
  stdout.destroy(Object.assign(new Error("i/o error"), { code: "EIO" }));
  await reading.commandEnded();
  const message = "The command's stdout could not be read to its end (EIO).";
  expect(seen).toEqual(["some", "end", "end", { type: "log", level: "ERROR", message }]);
});
