import pg from "pg";
import { fromStoredText } from "./text.ts";

const { INT8, TEXT } = pg.types.builtins;

/**
 * How columns are read on keruta's own connections. All whole numbers are below 2^53: times in milliseconds, sizes in
 * bytes, counts.
 */
export const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: string) => {
    if (oid === INT8) return Number;
    if (oid === TEXT) return fromStoredText;
    return pg.types.getTypeParser(oid, format as "text");
  },
};
