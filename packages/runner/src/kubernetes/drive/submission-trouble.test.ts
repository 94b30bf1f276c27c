import { KerutaError } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import { refused } from "../access/errors.ts";
import { submissionTrouble, type SubmissionTrouble } from "./submission-trouble.ts";

const answer = (status: number, message: string, operation = "create job") => {
  const body = JSON.stringify({ kind: "Status", metadata: {}, status: "Failure", code: status, message });
  return refused({ server: "https://c", operation, status, body });
};

test.each<readonly [string, unknown, SubmissionTrouble]>([
  ["no answer", new KerutaError("KRT_CLUSTER_CUT", { en: "cut", ja: "" }), "away"],
  ["a server that is busy", answer(503, "busy"), "away"],
  [
    "a quota that is used up",
    answer(403, 'jobs.batch "j" is forbidden: exceeded quota: q, requested: count/jobs.batch=1, used: 1'),
    "passing",
  ],
  [
    "a quota that is new",
    answer(403, 'secrets "s" is forbidden: status unknown for quota: q, resources: count/secrets'),
    "passing",
  ],
  ["an object that is in the way and gone", answer(409, 'secrets "s" already exists'), "passing"],
  [
    "a right that is missing",
    answer(
      403,
      'jobs.batch is forbidden: User "a" cannot create resource "jobs" in API group "batch" in the namespace "n"',
    ),
    "driver",
  ],
  [
    "a right on an object that is missing",
    answer(
      403,
      'secrets "s" is forbidden: User "a" cannot patch resource "secrets" in API group "" in the namespace "n": RBAC: no such role',
    ),
    "driver",
  ],
  ["credentials that ran out", answer(401, "Unauthorized"), "driver"],
  ["a webhook", answer(403, 'admission webhook "w" denied the request: no'), "task"],
  ["Pod Security", answer(403, 'jobs.batch "j" is forbidden: violates PodSecurity "restricted"'), "task"],
  ["a quota that wants a limit", answer(403, '"c" is forbidden: failed quota: q: must specify a'), "task"],
  ["a Job that is invalid", answer(422, 'Job.batch "j" is invalid: spec'), "task"],
  ["a fault of this program", new TypeError("x"), "driver"],
])("%s", (_, error, trouble) => {
  expect(submissionTrouble(error)).toBe(trouble);
});
