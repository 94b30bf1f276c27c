import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMask } from "./mask.ts";
import { secretForms } from "./secret-forms.ts";

const encoder = new TextEncoder();
const masked = (text: string, ...values: string[]) => maskOf(values).maskText(text);
const letters = fc.string({ unit: fc.constantFrom("a", "b", "c", "\n", " "), minLength: 4, maxLength: 9 });
const usable = letters.filter((value) => value.trim() !== "");

describe("a mask", () => {
  test("replaces a secret by three asterisks", () => {
    expect(masked("token is s3cr3t-value!", "s3cr3t-value")).toBe("token is ***!");
    expect(masked("s3cr3ts3cr3t", "s3cr3t")).toBe("******");
    expect(masked("パスワードは秘密です", "秘密")).toBe("パスワードは***です");
  });

  test("hides secrets that overlap, contain each other or repeat themselves, whole", () => {
    expect(masked("-abcdef-", "abcd", "cdef")).toBe("-***-");
    expect(masked("-abcdefgh-abcde-", "abcdefgh", "cdef", "abcd")).toBe("-***-***e-");
    expect(masked("-aaaaaaa-", "aaaa")).toBe("-***-");
    expect(masked("xabcdefabcdefy", "abcdef", "defabc")).toBe("x***y");
  });

  test("hides base64 at each alignment, and base64 for URLs", () => {
    const secret = "s3cr3t/?>~~~";
    for (const before of ["", "x", "xy", "xyz"]) {
      for (const alphabet of ["base64", "base64url"] as const) {
        const encoded = Buffer.from(`${before}${secret}`).toString(alphabet);
        const inside = Buffer.from(`${before}${secret}tail of it`).toString(alphabet);
        const clean = [encoded, inside].map((text) => masked(text, secret));
        expect(clean.every((text) => text.includes("***"))).toBe(true);
        expect(
          clean.every((text) => !text.includes(Buffer.from(secret).toString(alphabet).slice(4, 12))),
        ).toBe(true);
      }
    }
    expect(masked(btoa(secret), secret)).toBe("***");
  });

  test("hides each line of a secret and the secret without its last newline", () => {
    const key = "-----BEGIN KEY-----\nMIIEvQIBADAN\nab\n-----END KEY-----\n";
    expect(masked("indented:   MIIEvQIBADAN\r\n", key)).toBe("indented:   ***\r\n");
    expect(masked(`<${key.trim()}>`, key)).toBe("<***>");
    expect(masked(btoa("token-1"), "token-1\n")).toBe("***");
  });

  test("refuses values of less than four bytes by name, and takes no offence at empty ones", () => {
    const mask = createMask([
      { name: "SHORT", value: "abc" },
      { name: "EMPTY", value: "" },
      { name: "WIDE", value: "秘密" },
    ]);
    expect(mask.refused).toEqual(["SHORT"]);
    expect(mask.maskText("abc 秘密")).toBe("abc ***");
  });

  test("holds back only what may begin a secret", () => {
    const masker = maskOf(["s3cr3t"]).createMasker();
    expect(textOf(masker.push(encoder.encode("Password: s3c")))).toBe("Password: ");
    expect(textOf(masker.push(encoder.encode("ond s3cr3")))).toBe("s3cond ");
    expect(textOf(masker.push(encoder.encode("t.")))).toBe("***.");
    expect(textOf(masker.push(encoder.encode("s3")))).toBe("");
    expect(textOf(masker.end())).toBe("s3");
  });

  test("gives the same for any chunks, and lets no byte of a secret through", () => {
    const piece = fc.oneof(letters, fc.constantFrom("x", "abc", "ca b", "\n", "YWJj", "ab", "YWFhYWFh"));
    const cuts = fc.array(fc.nat({ max: 120 }), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(usable, { minLength: 1, maxLength: 5 }),
        fc.array(piece),
        cuts,
        (values, pieces, places) => {
          const text = pieces.concat(values).join("");
          const bytes = encoder.encode(text);
          const edges = [
            0,
            ...places.filter((at) => at <= bytes.length).toSorted((a, b) => a - b),
            bytes.length,
          ];
          const masker = maskOf(values).createMasker();
          const out = edges.slice(1).map((end, index) => masker.push(bytes.slice(edges[index], end)));
          out.push(masker.end());
          expect(Buffer.concat(out).toString()).toBe(slowMask(text, values));
        },
      ),
      { numRuns: 1_500 },
    );
  });
});

function maskOf(values: readonly string[]) {
  return createMask(values.map((value, index) => ({ name: `S${String(index)}`, value })));
}

/** Marks every byte of every occurrence, one by one. */
function slowMask(text: string, values: readonly string[]): string {
  const covered = Array.from(text, () => false);
  const joins = Array.from(text, () => false);
  for (const form of values.flatMap(secretForms).map((bytes) => Buffer.from(bytes).toString("latin1"))) {
    for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) {
      for (let index = at; index < at + form.length; index += 1) {
        covered[index] = true;
        if (index > at) joins[index] = true;
      }
    }
  }
  let out = "";
  for (let at = 0; at < text.length; at += 1) {
    if (covered[at] !== true) out += text[at] ?? "";
    else if (joins[at] !== true) out += "***";
  }
  return out;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
