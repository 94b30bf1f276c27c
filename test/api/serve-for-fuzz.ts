import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness } from "./api.harness.ts";

// A server for a fuzzer (see CONTRIBUTING): prints its address and an administrator's token, until stdin ends.
const api = await openApiHarness(await openSqliteHarness());
console.log(`${api.url} ${await api.token("admin", { name: "fuzz" })}`);
process.stdin.resume();
await new Promise((resolve) => process.stdin.once("end", resolve));
await api.dispose();
