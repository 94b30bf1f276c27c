import { isAbsolutePath } from "./path.ts";

/** Where archived logs lie. Never with a credential: that comes from the environment. */
export type ArchiveLocation =
  | { readonly kind: "directory"; readonly path: string }
  | {
      readonly kind: "s3";
      readonly bucket: string;
      /** Without a slash at its ends; "" for the whole bucket. */
      readonly prefix: string;
      /** Of a service that is not Amazon's. */
      readonly endpoint: string | undefined;
      readonly region: string | undefined;
    };

const bucketPattern = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** `/a/directory` or `s3://bucket/prefix?endpoint=URL&region=NAME`; undefined for any other text. */
export function parseArchiveLocation(text: string): ArchiveLocation | undefined {
  if (isAbsolutePath(text)) return { kind: "directory", path: text };
  const url = URL.parse(text);
  if (url?.protocol !== "s3:" || url.username !== "" || url.password !== "" || url.hash !== "") return;
  const { host: bucket, pathname, searchParams } = url;
  if (!bucketPattern.test(bucket)) return;
  if ([...searchParams.keys()].some((name) => name !== "endpoint" && name !== "region")) return;
  const endpoint = searchParams.get("endpoint") ?? undefined;
  if (endpoint !== undefined && !isPlainHttpUrl(endpoint)) return;
  const prefix = pathname.split("/").filter((part) => part !== "");
  if (prefix.some((part) => part === "." || part === "..")) return;
  const region = searchParams.get("region") ?? undefined;
  return { kind: "s3", bucket, prefix: prefix.map(decodeURIComponent).join("/"), endpoint, region };
}

function isPlainHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    (url?.protocol === "http:" || url?.protocol === "https:") && url.username === "" && url.password === ""
  );
}
