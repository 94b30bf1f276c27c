import type { Sink } from "../io/io.ts";

/** Writes one value as the one document of `-o json`, `-o yaml`, or as a line of `-o jsonl`. */
export async function writeDocument(
  sink: Sink,
  format: "json" | "jsonl" | "yaml",
  value: unknown,
): Promise<void> {
  if (format === "yaml") {
    const { stringify } = await import("./yaml.ts");
    // Anchors and aliases are more than many readers of YAML take.
    await sink.write(stringify(value, { aliasDuplicateObjects: false }));
    return;
  }
  await sink.write(`${JSON.stringify(value, null, format === "json" ? 2 : undefined)}\n`);
}
