const decimalFactors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
};
const binaryUnits = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;

/** A Kubernetes quantity that is not negative. Without anchors. */
export const quantityPattern =
  "\\+?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,2}|[numkMGTPE]|[KMGTPE]i)?";

const whole = /^\+?([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:([eE][+-]?[0-9]{1,2})|([numkMGTPE]|[KMGTPE]i))?$/;

/** Kubernetes' own bound: quantities are at most 2^63 - 1. */
const maxQuantity = 2 ** 63;

/** Cores or bytes as a number, or undefined where the text is no quantity, is negative or beyond 2^63. */
export function parseQuantity(text: string): number | undefined {
  const match = whole.exec(text);
  if (!match) return undefined;
  const [, number = "", exponent = "", suffix = ""] = match;
  const power = binaryUnits.findIndex((unit) => unit === suffix) + 1;
  const factor = power > 0 ? 1024 ** power : (decimalFactors[suffix] ?? 0);
  // Dividing by a whole number rounds once where multiplying by 0.001 would round twice: 0.3 is 300m.
  const amount = Number(number + exponent);
  const value = factor < 1 ? amount / Math.round(1 / factor) : amount * factor;
  return value < maxQuantity ? value : undefined;
}

/** Whole bytes, rounded up as Kubernetes does, or undefined where the text is no quantity or beyond 2^53 - 1. */
export function parseBytes(text: string): number | undefined {
  const value = parseQuantity(text);
  if (value === undefined) return undefined;
  const bytes = Math.ceil(value);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** The canonical text of whole bytes: the largest binary unit that keeps them exact, `1536` is `1536`. */
export function formatBytes(bytes: number): string {
  for (const [index, unit] of [...binaryUnits.entries()].reverse()) {
    const factor = 1024 ** (index + 1);
    if (bytes >= factor && bytes % factor === 0) return `${String(bytes / factor)}${unit}`;
  }
  return String(bytes);
}

/** For people: `1.5 GiB`, `812 B`. */
export function describeBytes(bytes: number): string {
  let value = bytes;
  let unit = "B";
  for (const next of binaryUnits) {
    // 1023.95 would be shown as "1024.0".
    if (value < 1023.95) break;
    value /= 1024;
    unit = `${next}B`;
  }
  return unit === "B" ? `${String(value)} B` : `${value.toFixed(1).replace(/\.0$/, "")} ${unit}`;
}
