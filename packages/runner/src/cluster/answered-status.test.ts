import { KerutaError } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import { answeredStatus } from "./answered-status.ts";

const failed = (details?: Readonly<Record<string, unknown>>) =>
  new KerutaError("KRT_CLUSTER_REFUSED", { en: "no", ja: "" }, details && { details });

test.each<[string, unknown, number | undefined]>([
  ["of an answer is its status", failed({ status: 404 }), 404],
  ["without an answer has none", failed(), undefined],
  ["with words for a status has none", failed({ status: "gone" }), undefined],
  ["of our own making has none", Object.assign(new Error("no"), { details: { status: 404 } }), undefined],
  ["that is no object has none", undefined, undefined],
])("an error %s", (_, error, status) => {
  expect(answeredStatus(error)).toBe(status);
});
