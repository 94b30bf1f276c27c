import { expect, test } from "vitest";
import { refused } from "./errors.ts";
import { unlessExists } from "./expected-refusal.ts";

/** As a cluster answers a POST. */
const answer = (status: number, reason: string, message: string) => {
  const body = JSON.stringify({
    kind: "Status",
    metadata: {},
    status: "Failure",
    reason,
    message,
    code: status,
  });
  return refused({ server: "https://c", operation: "create job", status, body });
};
const created = (sent: Promise<string>) => unlessExists(sent, "exists");

test("an object of the name that is there is a value", async () => {
  const there = answer(409, "AlreadyExists", 'jobs.batch "j" already exists');
  await expect(created(Promise.reject(there))).resolves.toBe("exists");
  await expect(created(Promise.resolve("created"))).resolves.toBe("created");
});

test("a quota that others change at the same time may let it in later", async () => {
  const words = 'Operation cannot be fulfilled on resourcequotas "q": the object has been modified';
  const failure = created(Promise.reject(answer(409, "Conflict", words)));
  await expect(failure).rejects.toMatchObject({
    code: "KRT_CLUSTER_UNREACHABLE",
    message: expect.stringContaining("resourcequotas") as string,
  });
});

test("another refusal stays one", async () => {
  const failure = created(Promise.reject(answer(422, "Invalid", "no")));
  await expect(failure).rejects.toMatchObject({ code: "KRT_CLUSTER_REFUSED" });
});
