import { createHmac } from "node:crypto";

/**
 * The headers of Standard Webhooks: an HMAC-SHA256 over `id.timestamp.body`, in base64. A secret that begins with
 * `whsec_` is base64, as that specification has it; any other one is taken as it is.
 */
export function signatureHeaders(
  id: string,
  now: number,
  body: string,
  secret: string,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000));
  const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice("whsec_".length), "base64") : secret;
  const digest = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${digest}` };
}
