import { apiUrl, type Query } from "../api/api.ts";
import { api, isByToken } from "../session/session.ts";

/** Lets the browser save what the API gives; by itself where a cookie says who it is, else through the page. */
export async function download(path: string, query: Query, name: string): Promise<void> {
  if (!isByToken()) {
    save(apiUrl(path, query), name);
    return;
  }
  const answer = await api.send({ path, query, accept: "text/plain, application/octet-stream" });
  const url = URL.createObjectURL(await answer.blob());
  save(url, name);
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}

function save(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}
