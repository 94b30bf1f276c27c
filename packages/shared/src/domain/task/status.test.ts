import { expect, test } from "vitest";
import { isTerminal, nextStatus, taskEvents, taskStatuses } from "./status.ts";

test("the transitions are the design's and no others", () => {
  const allowed = taskStatuses.flatMap((status) =>
    taskEvents.flatMap((event) => {
      const next = nextStatus(status, event);
      return next ? [`${status} ${event} ${next}`] : [];
    }),
  );
  expect(allowed).toEqual([
    "PENDING claim IN_PROGRESS",
    "PENDING cancel CANCELLED",
    "IN_PROGRESS complete COMPLETED",
    "IN_PROGRESS fail FAILED",
    "IN_PROGRESS tryAgain PENDING",
    "IN_PROGRESS cancel CANCELLED",
    "FAILED retry PENDING",
  ]);
});

test("COMPLETED and CANCELLED are final, FAILED is left by a person's retry only", () => {
  for (const status of taskStatuses.filter(isTerminal)) {
    const ways = taskEvents.filter((event) => nextStatus(status, event) !== undefined);
    expect(ways).toEqual(status === "FAILED" ? ["retry"] : []);
  }
});
