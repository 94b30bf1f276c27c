export { createCutter, type Cutter } from "./cut.ts";
export { decodeLine, parseControl } from "./decode.ts";
export { addRecord, encodeRecord } from "./encode.ts";
export { betweenMarks, maxRecordBytes } from "./format.ts";
export type { ControlRecord, DamagedRecord, MarkRecord, OutputRecord, WireRecord } from "./wire-record.ts";
