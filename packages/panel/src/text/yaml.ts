/** A plain value as YAML that reads back the same in YAML 1.1 and 1.2: for reading and for a task file. */
export function toYaml(value: unknown): string {
  return `${blockOf(value, "")}\n`.trimStart();
}

/** Begins on the line of its key where it fits there, else on the next one. */
function blockOf(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return " []";
    return value.map((item) => `\n${indent}-${itemOf(item, indent)}`).join("");
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    if (entries.length === 0) return " {}";
    return entries.map(([key, one]) => `\n${indent}${scalar(key)}:${valueOf(one, indent)}`).join("");
  }
  if (typeof value === "string" && isBlock(value)) return literal(value, indent);
  return ` ${typeof value === "string" ? scalar(value) : String(value)}`;
}

function valueOf(value: unknown, indent: string): string {
  return blockOf(value, Array.isArray(value) ? indent : `${indent}  `);
}

/** A mapping begins behind the dash. */
function itemOf(item: unknown, indent: string): string {
  const block = blockOf(item, `${indent}  `);
  return typeof item === "object" && item !== null ? ` ${block.trimStart()}` : block;
}

/** Lines that a literal block keeps as they are. */
function isBlock(text: string): boolean {
  return (
    /\n/.test(text) && !/[^\P{C}\n\t]/u.test(text) && !/^[ \t\n]|[ \t]$|[ \t]\n|\u2028|\u2029/.test(text)
  );
}

function literal(text: string, indent: string): string {
  const inner = indent === "" ? "  " : indent;
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  const chomp = text.endsWith("\n\n") ? "+" : text.endsWith("\n") ? "" : "-";
  const lines = (chomp === "+" ? text.slice(0, -1) : body).split("\n");
  return ` |${chomp}${lines.map((line) => (line === "" ? "\n" : `\n${inner}${line}`)).join("")}`;
}

/** Words and paths stay bare; whatever any version might take for something else is quoted. */
function scalar(text: string): string {
  const isBare =
    /^[A-Za-z_/.][\w./@-]*(?:[ ][\w./@-]+)*$/.test(text) &&
    !/^(?:y|n|yes|no|on|off|true|false|null|~|\.inf|\.nan|\.+[0-9_]*)$/i.test(text) &&
    !/^[.\d_]*(?:e-?[\d_]*)?$/i.test(text);
  return isBare ? text : JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
