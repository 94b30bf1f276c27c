const encoder = new TextEncoder();
const decoder = new TextDecoder();

export interface CutText {
  readonly text: string;
  readonly truncated: boolean;
}

/** The longest beginning of at most `maxBytes` bytes in UTF-8 that cuts no character in two. */
export function cutText(text: string, maxBytes: number): CutText {
  const bytes = encoder.encode(text);
  if (bytes.length <= maxBytes) return { text, truncated: false };
  let end = Math.max(0, maxBytes);
  // 10xxxxxx goes on with a character that began before.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return { text: decoder.decode(bytes.subarray(0, end)), truncated: true };
}
