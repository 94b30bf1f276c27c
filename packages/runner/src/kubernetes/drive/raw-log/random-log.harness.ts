import fc from "fast-check";
import { millisecond, stampAt, start, type Connection, type NodeRecord } from "./node-log.harness.ts";

export interface Step {
  /** Nanoseconds after the one before; 0: the same stamp. */
  readonly later: number;
  /** Nanoseconds by which the stamp is too early: stdout and stderr are stamped apart. */
  readonly early: number;
  readonly text: string;
  readonly isPart: boolean;
}

export function recordsOf(steps: readonly Step[], zone: string): readonly NodeRecord[] {
  let now = BigInt(start) * millisecond;
  return steps.map(({ later, early, text, isPart }) => {
    now += BigInt(later);
    return { stamp: stampAt(now - BigInt(early), zone), text, isPart: isPart && text !== "" };
  });
}

export const connectionsOf = (ends: Connection["end"][], rotates: boolean) =>
  fc.array(
    fc.record({
      written: fc.nat(25),
      rotated: rotates ? fc.nat(25) : fc.constant(0),
      cutAt: fc.oneof(fc.nat(1500), fc.constant(100_000)),
      end: fc.constantFrom(...ends),
    }),
    { maxLength: 6 },
  );
export const whole: Step = { later: 0, early: 0, text: "first", isPart: false };
export const zones = fc.constantFrom("Z", "+09:00", "-03:30");
export const chunks = fc.integer({ min: 1, max: 400 });
export const wholeBytes = fc.constantFrom(0, 1 << 20);
export const texts = fc.constantFrom("", "a", "a", "日本", " b", "2026-01-01T00:00:00Z x", "x".repeat(300));

/** Time and what was rotated away only grow. */
export const inOrder = (connections: readonly Connection[]): readonly Connection[] => {
  let [written, rotated] = [0, 0];
  return connections.map((connection) => {
    written = Math.max(written, connection.written);
    rotated = Math.min(written, Math.max(rotated, connection.rotated ?? 0));
    return { ...connection, written, rotated };
  });
};
