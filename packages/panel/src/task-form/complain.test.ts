import { expect, test } from "vitest";
import { complain, isSound, placed, type Complaints } from "./complain.ts";
import { emptyDraft, fieldsOf, type Fields } from "./fields.ts";

const of = (change: Partial<Fields>): Complaints => complain({ ...fieldsOf(emptyDraft), ...change });

test.each([
  ["priority", "1.5"],
  ["priority", ""],
  ["priority", "99999999999"],
  ["labels", "a b=c"],
  ["labels", "team=docs\nteam=web"],
  ["env", "NAME"],
  ["env", "=x"],
  ["timeout", "soon"],
  ["timeout", "0s"],
  ["attempts", "0"],
] as const)("%s %j is complained about at its field", (field, value) => {
  const complaints = of({ [field]: value });
  expect(complaints[field]?.length).toBeGreaterThan(0);
  expect(isSound(complaints)).toBe(false);
});

test("what is right is passed", () => {
  expect(
    isSound(of({ priority: "-5", labels: "team=docs\n\nx", env: "A=1=2", timeout: "1h30m", attempts: "3" })),
  ).toBe(true);
});

test("the server's complaints come to the field they are about, and the rest is not lost", () => {
  const text = { en: "no", ja: "いいえ" };
  const { byField, others } = placed([
    { path: "spec.env.KERUTA_X", text },
    { path: "spec.imagePullPolicy", text },
    { path: "title", text },
  ]);
  expect(Object.keys(byField)).toEqual(["env", "title"]);
  expect(others.map(({ path }) => path)).toEqual(["spec.imagePullPolicy"]);
});
