export { createHttp, type Http, type HttpOptions, type HttpRequest } from "./client/http.ts";
export { openApiQueue } from "./client/queue.ts";
export { readServerSentEvents, type ServerSentEvent } from "./client/sse.ts";
export { statusOfError, type ErrorBody } from "./error-status.ts";
export * from "./wire.ts";
