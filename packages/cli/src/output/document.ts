import type { Sink } from "../io/io.ts";

/** Writes one value as the one document of `-o json`, `-o yaml`, or as a line of `-o jsonl`. */
export async function writeDocument(
  sink: Pick<Sink, "write">,
  format: "json" | "jsonl" | "yaml",
  value: unknown,
): Promise<void> {
  if (format === "yaml") {
    const { toYaml } = await import("./yaml.ts");
    await sink.write(toYaml(value));
    return;
  }
  await sink.write(`${JSON.stringify(value, null, format === "json" ? 2 : undefined)}\n`);
}
