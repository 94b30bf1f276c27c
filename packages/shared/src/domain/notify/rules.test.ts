import { expect, test } from "vitest";
import { parseSettingValue } from "../settings/value.ts";
import { findSetting } from "../settings/table.ts";
import { parseNotifyRules } from "./rules.ts";

const nothing = { log: null, failed: null, deadline: false, of: [] };

test.each([
  ["", []],
  [" ;\n; ", []],
  ["error to all", [{ ...nothing, log: "ERROR", to: "all" }]],
  [
    "error, warn ,failed,deadline to email, slack webhook",
    [{ ...nothing, log: "WARN", failed: "any", deadline: true, to: ["email", "slack", "webhook"] }],
  ],
  [
    "failed(OOMKilled, TimedOut), failed(Error) to email:docs@example.com",
    [{ ...nothing, failed: ["OOMKilled", "TimedOut", "Error"], to: ["email:docs@example.com"] }],
  ],
  ["failed(Error), failed to slack:team-a", [{ ...nothing, failed: "any", to: ["slack:team-a"] }]],
  [
    "deadline of team in (docs, web),!quiet to slack;\nerror to email",
    [
      {
        ...nothing,
        deadline: true,
        of: [
          { key: "team", operator: "In", values: ["docs", "web"] },
          { key: "quiet", operator: "DoesNotExist", values: [] },
        ],
        to: ["slack"],
      },
      { ...nothing, log: "ERROR", to: ["email"] },
    ],
  ],
  [
    "error of to in (a) to slack",
    [{ ...nothing, log: "ERROR", of: [{ key: "to", operator: "In", values: ["a"] }], to: ["slack"] }],
  ],
])("%j", (text, rules) => {
  expect(parseNotifyRules(text)).toEqual({ valid: true, rules });
});

test.each([
  ["error", '"error" has no "to CHANNEL"'],
  ["error to ", 'has no "to CHANNEL"'],
  ["oops to all", '"oops" is none'],
  ["error(Error) to all", '"error(Error)" is none'],
  ["error,, failed to all", '"" is none'],
  ["failed(OomKilled) to all", "did you mean OOMKilled?"],
  ["failed() to all", '"" is none'],
  ["error to all, email", '"email" is none of them'],
  ["error to pager", '"pager" is none of them'],
  ["error to slack:Team_A", '"slack:Team_A" is none of them'],
  ["error to webhook:x", '"webhook:x" is none of them'],
  ["error to email:a@b\r\nBcc:c@d to email", "is none"],
  ["error to email:a@b,c@d", '"c@d" is none of them'],
  ["error of a=b=c to all", '"a=b=c"'],
])("%j is refused by name", (text, words) => {
  const definition = findSetting("keruta.notify.rules");
  if (!definition) throw new Error("the setting is gone");
  const parsed = parseSettingValue(definition, text);
  expect(parsed.valid ? "valid" : parsed.expects.en).toContain(words);
  expect(parsed.valid ? "" : parsed.expects.ja).toMatch(/ルール/);
});

test("what is built in needs nothing but a channel", () => {
  expect(parseNotifyRules(findSetting("keruta.notify.rules")?.default ?? "")).toEqual({
    valid: true,
    rules: [{ log: "ERROR", failed: "any", deadline: true, of: [], to: "all" }],
  });
});
