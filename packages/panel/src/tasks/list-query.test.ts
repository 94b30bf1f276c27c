import { expect, test } from "vitest";
import { apiUrl } from "../api/api.ts";
import { apiQueryOf, listQueryOf } from "./list-query.ts";

test("an address says what the list shows, and what it cannot mean is left out", () => {
  const query = listQueryOf(
    new URLSearchParams("status=FAILED,NOPE,PENDING&order=sideways&search=a%26b&page=x~y"),
  );
  expect(query).toEqual({
    statuses: ["PENDING", "FAILED"],
    labels: "",
    search: "a&b",
    order: "newest",
    cursors: ["x", "y"],
  });
  expect(apiUrl("/tasks", apiQueryOf(query))).toBe(
    "/api/tasks?status=PENDING&status=FAILED&search=a%26b&order=newest&cursor=y&counted=true&limit=50",
  );
});
