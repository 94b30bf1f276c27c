import { expect, test } from "vitest";
import { KerutaError } from "@keruta/shared/domain";
import { reclaimSpace } from "./reclaim-space.ts";

test("space that a database cannot give back is a warning; any other error is none", async () => {
  const warned: KerutaError[] = [];
  const { signal } = new AbortController();
  const reclaim = (error: Error) =>
    reclaimSpace({
      store: { reclaim: () => Promise.reject(error) },
      signal,
      warn: (told) => warned.push(told),
    });
  const away = new KerutaError("KRT_DB_UNREACHABLE", { en: "It is away.", ja: "接続できません。" });
  await reclaim(away);
  expect(warned).toEqual([away]);
  await expect(reclaim(new TypeError("a bug"))).rejects.toThrow("a bug");
});
