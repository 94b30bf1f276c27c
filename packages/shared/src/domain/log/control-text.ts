import { maxControlTextBytes, type Control } from "./control.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * A control with its texts brought within `maxControlTextBytes`, or undefined where that would change what it
 * means: a path or a name that is cut is another one.
 */
export function boundControl(control: Control): Control | undefined {
  switch (control.type) {
    case "progress":
    case "log":
      return { ...control, message: cutControlText(control.message) };
    case "output":
      return isOutputName(control.name) ? { ...control, value: cutControlText(control.value) } : undefined;
    case "artifact":
      return isArtifactPath(control.path) ? control : undefined;
    case "started":
      return control;
  }
}

/** The text's beginning, at most `maxBytes` of UTF-8 and no half character. */
export function cutControlText(text: string, maxBytes: number = maxControlTextBytes): string {
  if (text.length * 3 <= maxBytes) return text;
  const bytes = encoder.encode(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return decoder.decode(bytes.subarray(0, end));
}

/** Short, so that a record with name and value and all its JSON escapes stays below 8,000 bytes. */
function isOutputName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/.test(name);
}

function isArtifactPath(path: string): boolean {
  return path !== "" && !path.includes("\0") && encoder.encode(path).length <= maxControlTextBytes;
}
