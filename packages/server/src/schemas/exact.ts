/** A type as JSON has it: what is absent is absent, and nothing is `undefined`. */
export type Exact<T> = T extends readonly (infer Item)[]
  ? readonly Exact<Item>[]
  : T extends object
    ? { [K in keyof T as undefined extends T[K] ? never : K]: Exact<T[K]> } & {
        [K in keyof T as undefined extends T[K] ? K : never]?: Exact<Exclude<T[K], undefined>>;
      }
    : T;

/** A validated body came from JSON, which cannot say `undefined`; zod's types do not know. */
export function exact<T>(value: T): Exact<T> {
  return value as Exact<T>;
}
