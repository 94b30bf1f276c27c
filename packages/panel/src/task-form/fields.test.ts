import { expect, test } from "vitest";
import { draftOf, fieldsOf, type Draft } from "./fields.ts";

const task: Draft = {
  title: "Build",
  description: "a\nb",
  priority: -3,
  labels: { team: "docs", empty: "" },
  spec: {
    image: "a:1",
    command: ["make", "two words"],
    args: ["x"],
    env: { A: "1=2", B: "" },
    volumes: [{ name: "v", mountPath: "/v", emptyDir: {} }],
    artifacts: { paths: ["out/**"], required: true },
    retry: { attempts: 3, backoff: "10s" },
    timeout: "30m",
    hold: true,
  },
};

test("a task goes through the form unchanged, also what the form does not show", () => {
  expect(draftOf(fieldsOf(task), task)).toEqual(task);
});

test("what is emptied goes, and its neighbours stay", () => {
  const fields = { ...fieldsOf(task), artifacts: "", attempts: "", env: "", timeout: "", hold: false };
  expect(draftOf({ ...fields, runs: "script", script: "true" }, task).spec).toEqual({
    image: "a:1",
    args: ["x"],
    script: "true",
    volumes: [{ name: "v", mountPath: "/v", emptyDir: {} }],
    artifacts: { required: true },
    retry: { backoff: "10s" },
  });
});
