import { createHash } from "node:crypto";

/** Lines that a command writes, each other than all others, so that one that is lost, doubled or moved shows. */
export interface LineBlock {
  readonly stream: "stdout" | "stderr";
  readonly from: number;
  readonly count: number;
  /** Of a line, about: it is between this and half as long again. */
  readonly width: number;
}

const alphabet = "abcdefghijklmnopqrstuvwxyz";

/** The same text as `lineProgram` makes of it. */
export function linesOf(tag: string, { from, count, width }: Omit<LineBlock, "stream">): string {
  const pad = alphabet.repeat(Math.ceil((width * 2) / alphabet.length) + 2);
  const lines: string[] = [];
  for (let number = from; number < from + count; number += 1) {
    const start = number % 26;
    lines.push(
      `${tag} ${String(number).padStart(7, "0")} ${pad.slice(start, start + width + ((number * 7) % (width >> 1)))}\n`,
    );
  }
  return lines.join("");
}

/** For awk, of busybox and of Debian alike; `tag` is an argument of its own. */
export function lineProgram({ from, count, width }: Omit<LineBlock, "stream">): string {
  const last = from + count - 1;
  const half = width >> 1;
  return (
    `BEGIN{p="${alphabet}";while(length(p)<${String(width * 2 + 52)})p=p p;` +
    `for(n=${String(from)};n<=${String(last)};n++)` +
    `printf "%s %07d %s\\n",t,n,substr(p,n%26+1,${String(width)}+(n*7)%${String(half)})}`
  );
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
