import type { ObjectRule, Rule } from "./rule.ts";
import { taskRule } from "./task.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The task file as JSON Schema, draft 2020-12. What a schema cannot say, keruta checks beyond it. */
export function taskSchema(): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "https://keruta.dev/schema/v1/task.json",
    title: "keruta task",
    ...schemaOf(taskRule),
  };
}

function schemaOf(rule: Rule): JsonSchema {
  const described = { description: rule.expects.en };
  switch (rule.kind) {
    case "raw":
      return {};
    case "boolean":
      return { type: "boolean" };
    case "integer":
    case "number":
      return { ...described, type: rule.kind, minimum: rule.minimum, maximum: rule.maximum };
    case "text":
      if (rule.words) return { type: "string", enum: rule.emptyAllowed ? ["", ...rule.words] : rule.words };
      return {
        ...(rule.pattern !== undefined && described),
        type: "string",
        ...(rule.pattern !== undefined && {
          pattern: `^(?:${rule.pattern})${rule.emptyAllowed ? "?" : ""}$`,
        }),
        ...(rule.maxCharacters !== undefined && { maxLength: rule.maxCharacters }),
      };
    case "anyOf":
      return { ...described, anyOf: rule.rules.map(schemaOf) };
    case "list":
      return { ...described, type: "array", items: schemaOf(rule.items) };
    case "map":
      return {
        ...described,
        type: "object",
        propertyNames: schemaOf(rule.keys),
        additionalProperties: schemaOf(rule.values),
      };
    case "object":
      return objectSchema(rule);
  }
}

function objectSchema({ properties, required = [], oneOf, published }: ObjectRule): JsonSchema {
  const schemas = Object.entries(properties).map(([key, rule]) => {
    const schema = schemaOf(rule);
    return [key, required.includes(key) ? schema : { anyOf: [schema, { type: "null" }] }] as const;
  });
  return {
    type: "object",
    properties: Object.fromEntries(schemas),
    required,
    additionalProperties: false,
    ...(oneOf && {
      oneOf: oneOf.map((key) => ({ required: [key], properties: { [key]: { not: { type: "null" } } } })),
    }),
    ...published,
  };
}
