import type { Readable } from "node:stream";
import { codeOf } from "@keruta/shared/domain";

const longestAnswer = 16;

/** True where the receiver says `ok` in a line, false where it says anything else or goes away. */
export async function waitForAcknowledgement(input: Readable): Promise<boolean> {
  let answer = "";
  input.setEncoding("utf8");
  try {
    for await (const text of input as AsyncIterable<string>) {
      answer += text;
      if (answer.includes("\n") || answer.length > longestAnswer) break;
    }
  } catch (error) {
    // A reset is as good as an end: nobody acknowledged.
    if (codeOf(error) !== "ECONNRESET") throw error;
  }
  return /^ok\r?\n/.test(answer);
}
