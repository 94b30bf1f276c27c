/** What an agent needs of the API and no more: its bundle is loaded in every Pod. */
export { createHttp, type Http } from "./client/http.ts";
export { archiveType, framesType, type UploadStart } from "./wire.ts";
