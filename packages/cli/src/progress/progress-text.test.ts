import { expect, test } from "vitest";
import { progressText } from "./progress-text.ts";

const at = (now: number) => ({ clock: () => now, translate: (text: { en: string }) => text.en });

test.each([
  [{ bytes: 0, expectedBytes: 100 }, 0, "artifacts [--------------------] 0% 0 B / 100 B"],
  [
    { bytes: 1 << 20, expectedBytes: 4 << 20 },
    2000,
    "artifacts [#####---------------] 25% 1 MiB / 4 MiB, 512 KiB/s",
  ],
  [{ bytes: 100, expectedBytes: 100 }, 10, "artifacts [####################] 100% 100 B / 100 B"],
  [{ bytes: 0, expectedBytes: 0 }, 10, "artifacts [####################] 100% 0 B / 0 B"],
  [{ bytes: 2048, expectedBytes: null }, 10, "artifacts 2 KiB"],
  // A file grew meanwhile.
  [{ bytes: 200, expectedBytes: 100 }, 10, "artifacts 200 B"],
])("%o after %i ms", (progress, now, text) => {
  expect(progressText(at(now), { ...progress, since: 0 })).toBe(text);
});
