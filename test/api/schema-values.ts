import fc from "fast-check";

/** As far as the API's own document uses JSON Schema. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

export type Schemas = Readonly<Record<string, Schema>>;

/** What nobody should send. */
const hostile = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    "",
    " ",
    "\0",
    "../../etc/passwd",
    "'; drop table tasks; --",
    "<script>",
    "％",
    "\u202e",
    "1e999",
    -1,
    2 ** 53,
  ),
  fc.string({ unit: "binary", maxLength: 30 }),
);

/** Mostly of the schema's own shape, now and then anything, up to a depth. */
export function valuesOf(schema: Schema, schemas: Schemas, depth = 4): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 12, arbitrary: fitting(schema, schemas, depth) },
    { weight: 1, arbitrary: hostile },
  );
}

function fitting(schema: Schema, schemas: Schemas, depth: number): fc.Arbitrary<unknown> {
  const { $ref, enum: choices, properties, items, additionalProperties } = schema;
  if (depth === 0) return fc.constant(null);
  if ($ref !== undefined) return valuesOf(schemas[$ref.split("/").at(-1) ?? ""] ?? {}, schemas, depth);
  if ("const" in schema) return fc.constant(schema.const);
  if (choices) return fc.constantFrom(...choices);
  const ways = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (ways) return fc.oneof(...ways.map((one) => valuesOf(one, schemas, depth)));
  const types =
    typeof schema.type === "string" ? [schema.type] : (schema.type ?? ["object", "string", "null"]);
  const every = types.map((type): fc.Arbitrary<unknown> => {
    switch (type) {
      case "null":
        return fc.constant(null);
      case "boolean":
        return fc.boolean();
      case "integer":
        return fc.oneof(fc.nat(20), fc.integer());
      case "number":
        return fc.double({ noNaN: true });
      case "array":
        return fc.array(valuesOf(items ?? {}, schemas, depth - 1), { maxLength: 3 });
      case "object":
        return properties
          ? fc.record(
              Object.fromEntries(
                Object.entries(properties).map(([name, one]) => [name, valuesOf(one, schemas, depth - 1)]),
              ),
              { requiredKeys: [...(schema.required ?? [])] },
            )
          : fc.dictionary(
              fc.string({ maxLength: 8 }),
              valuesOf(
                typeof additionalProperties === "object" ? additionalProperties : {},
                schemas,
                depth - 1,
              ),
              { maxKeys: 3 },
            );
      default:
        return fc.string({ unit: "grapheme", maxLength: 20 });
    }
  });
  return fc.oneof(...every);
}
