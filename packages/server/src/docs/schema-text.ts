import type { Schema } from "./api-document.ts";

/** Text inside a cell of a Markdown table. */
export function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** Rows of name, type, required and meaning. */
export function propertyRows(schema: Schema): readonly (readonly string[])[] {
  const { properties = {}, required = [], allOf = [] } = schema;
  return [
    ...allOf.flatMap(propertyRows),
    ...Object.entries(properties).map(([name, property]) => [
      `\`${name}\``,
      typeOf(property),
      required.includes(name) ? "yes" : "",
      cell(property.description ?? ""),
    ]),
  ];
}

/** In one line, a link where the schema has a name. */
export function typeOf(schema: Schema): string {
  const { $ref, type, enum: choices, const: only, items, properties, additionalProperties, format } = schema;
  if ($ref !== undefined) {
    const name = $ref.split("/").at(-1) ?? "";
    return `[${name}](#${name.toLowerCase()})`;
  }
  const members = schema.anyOf ?? schema.oneOf;
  if (members) {
    const [one = "", list, ...others] = [...new Set(members.map(typeOf))];
    if (list === `list of ${one}` && others.length === 0) return `${one}; may be repeated`;
    return [one, ...(list === undefined ? [] : [list]), ...others].join(" or ");
  }
  if (schema.allOf) return schema.allOf.map(typeOf).join(" and ");
  if (choices) return choices.map(literal).join(", ");
  if (only !== undefined) return literal(only);
  if (items) return `list of ${typeOf(items)}`;
  if (properties) return `object: ${fieldsOf(schema)}`;
  if (typeof additionalProperties === "object" && Object.keys(additionalProperties).length > 0) {
    return `map of ${typeOf(additionalProperties)}`;
  }
  const words = type === undefined ? "anything" : [type].flat().join(" or ");
  return [words, format === undefined ? "" : ` (${format})`, boundsOf(schema)].join("");
}

function fieldsOf({ properties = {}, required = [] }: Schema): string {
  return Object.entries(properties)
    .map(([name, property]) => `\`${name}\`${required.includes(name) ? "" : "?"} ${typeOf(property)}`)
    .join("; ");
}

function literal(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

const widest = Number.MAX_SAFE_INTEGER;

function boundsOf({ minimum, maximum, maxLength }: Schema): string {
  if (maxLength !== undefined) return `, at most ${String(maxLength)} characters`;
  const least = minimum !== undefined && minimum > -widest ? `${String(minimum)} or more` : "";
  if (maximum === undefined || maximum >= widest) return least === "" ? "" : `, ${least}`;
  return `, ${minimum === undefined ? "at most" : `${String(minimum)} to`} ${String(maximum)}`;
}
