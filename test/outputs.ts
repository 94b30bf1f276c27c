/** What a command may write, byte for byte: each runner brings all of it through unchanged. */
export const outputs: Readonly<Record<string, Buffer>> = {
  nothing: Buffer.alloc(0),
  "one line": Buffer.from("hello\n"),
  "no last newline": Buffer.from("a\nb"),
  "a 200 KiB line": Buffer.from(`${"x".repeat(200 * 1024)}\n`),
  "a 200 KiB line of Japanese": Buffer.from(`${"日本語".repeat(23_000)}\n`),
  "CR LF": Buffer.from("one\r\ntwo\r\n\r\n"),
  "CR bars": Buffer.from("10%\r20%\r30%\r100%\r"),
  "NUL bytes": Buffer.from("a\0b\n\0\n\0"),
  "invalid UTF-8": Buffer.from([0xff, 0xfe, 0x0a, 0xc3, 0x28, 0x0a, 0xed, 0xa0, 0x80]),
  "every byte": Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256)),
  "the codec's own escape": Buffer.from("\u001f\n\u001fO x\u001f\n=\u001f= 1 2 3 4 1\u001f\n"),
  "empty lines": Buffer.from("\n\n\n"),
  "text that looks like a control line": Buffer.from("x ::keruta:progress 10\n::keruta:nonsense\n"),
};
