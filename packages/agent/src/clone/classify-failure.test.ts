import { expect, test } from "vitest";
import { classifyFailure } from "./classify-failure.ts";

test.each([
  ["fatal: unable to access 'https://x/': Could not resolve host: x", "start", true],
  ["fatal: unable to access 'https://x/': The requested URL returned error: 503", "start", true],
  [
    "error: RPC failed; curl 18 transfer closed with outstanding read data remaining\nfatal: early EOF",
    "start",
    true,
  ],
  [
    "ssh: connect to host x port 22: Connection refused\nfatal: Could not read from remote repository.",
    "start",
    true,
  ],
  ["fatal: Authentication failed for 'https://x/'", "task-definition", false],
  ["fatal: could not read Username for 'https://x': terminal prompts disabled", "task-definition", false],
  [
    "git@x: Permission denied (publickey).\nfatal: Could not read from remote repository.",
    "task-definition",
    false,
  ],
  ["Host key verification failed.\nfatal: Could not read from remote repository.", "task-definition", false],
  ["fatal: repository 'https://x/' not found", "task-definition", false],
  ["fatal: couldn't find remote ref nope", "task-definition", false],
  ["fatal: write error: No space left on device", "start", false],
  ["No user exists for uid 12345\nfatal: Could not read from remote repository.", "start", false],
  ["fatal: words that nobody foresaw", "start", false],
])("%j", (words, category, transient) => {
  expect(classifyFailure(words)).toMatchObject({ category, transient });
});
