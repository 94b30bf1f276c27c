/** Shorter values would turn ordinary text into asterisks and are refused. */
export const minSecretBytes = 4;

const encoder = new TextEncoder();

/**
 * The byte strings under which a secret may show: raw, each line of it, without the white space around it, and
 * all of these in base64 at the three alignments that it can have inside a longer text.
 */
export function secretForms(value: string): Uint8Array[] {
  const forms = new Set<string>();
  for (const text of [value, ...value.split("\n")]) {
    for (const raw of [text, text.trim()]) {
      const bytes = encoder.encode(raw);
      if (bytes.length < minSecretBytes) continue;
      const binary = binaryOf(bytes);
      forms.add(binary);
      for (const form of base64Forms(binary)) forms.add(form);
    }
  }
  return [...forms].map((form) => Uint8Array.from(form, (character) => character.charCodeAt(0)));
}

/** What base64 makes of the value, without the characters at its ends that other bytes have a share in. */
function base64Forms(binary: string): string[] {
  const forms: string[] = [];
  for (const before of [0, 1, 2]) {
    const padded = btoa("\0".repeat(before) + binary);
    const from = before === 0 ? 0 : before + 1;
    const whole = padded.slice(from, from + Math.floor(((before + binary.length) * 8) / 6) - from);
    // At the text's end even the last character is the value's own, and so is its padding.
    for (const form of [whole, padded.slice(from)]) {
      forms.push(form, form.replaceAll("+", "-").replaceAll("/", "_"), form.replace(/=+$/, ""));
      forms.push(form.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, ""));
    }
  }
  return forms.filter((form) => form.length >= minSecretBytes);
}

function binaryOf(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return binary;
}
