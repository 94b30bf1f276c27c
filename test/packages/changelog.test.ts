import { expect, test } from "vitest";
import { summaryOf, withChanges, withDate } from "../../scripts/release/changelog.ts";

const changelog = "# Changes\n\n## 0.1.0 (not released)\n\n- First.\n";

test("what a changeset says becomes a line of the changelog", () => {
  expect(summaryOf('---\n"keruta": minor\n---\n\nA new flag\nof submit.\n')).toBe(
    "- A new flag\n  of submit.",
  );
  expect(summaryOf("---\n---\n\n- One.\n- Two.\n")).toBe("- One.\n- Two.");
});

test("a changeset that tells users nothing is refused", () => {
  expect(() => summaryOf('---\n"keruta": patch\n---\n')).toThrow("npm run changeset");
});

test("lines go to the section of a version that is not released yet", () => {
  expect(withChanges(changelog, "0.1.0", ["- Second."])).toBe(`${changelog}- Second.\n`);
});

test("a new version has its section above the released ones", () => {
  const released = withDate(changelog, "0.1.0", "2026-12-01");
  expect(withChanges(released, "0.2.0", ["- Second."])).toBe(
    "# Changes\n\n## 0.2.0 (not released)\n\n- Second.\n\n## 0.1.0 (2026-12-01)\n\n- First.\n",
  );
});

test("a version cannot be left behind unreleased, nor a released one be changed", () => {
  expect(() => withChanges(changelog, "0.2.0", ["- Second."])).toThrow("0.1.0 is not released yet");
  const released = withDate(changelog, "0.1.0", "2026-12-01");
  expect(() => withChanges(released, "0.1.0", ["- Second."])).toThrow("released already");
  expect(() => withDate(released, "0.1.0", "2026-12-02")).toThrow("release:version");
});
