import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Control } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import { openControlServer } from "./control-server.ts";
import { requestOf } from "./request.ts";

test("after the command's end a stop is answered so and goes no further, and controls are refused", async () => {
  const directory = await mkdtemp(join(tmpdir(), "keruta-socket-"));
  const heard: (Control | "stop")[] = [];
  const server = await openControlServer(directory, {
    onControl: (control) => void heard.push(control),
    onStop: () => void heard.push("stop"),
  });
  const progress = { type: "progress", percent: 1, message: "" } as const;
  const stop = { type: "stop", why: "cancel" } as const;
  try {
    expect(await requestOf(server.path, progress)).toEqual({ ok: true, ended: false });
    expect(await requestOf(server.path, stop)).toEqual({ ok: true, ended: false });
    server.commandEnded();
    expect(await requestOf(server.path, stop)).toEqual({ ok: true, ended: true });
    await expect(requestOf(server.path, progress)).rejects.toThrow("The command has ended");
    expect(heard).toEqual([progress, "stop"]);
  } finally {
    await server.close();
    await rm(directory, { recursive: true });
  }
});
