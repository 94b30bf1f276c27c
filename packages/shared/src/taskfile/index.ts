export { formatComplaint, type Complaint, type Position } from "./complaint.ts";
export { parseTaskFile, type TaskFile } from "./parse.ts";
export { taskSchema, type JsonSchema } from "./schema/publish.ts";
export { validateTask, type TaskOrigin } from "./validate.ts";
