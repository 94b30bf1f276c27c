import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { KerutaError } from "../../domain/error.ts";
import type { Address, TlsWish } from "./address.ts";

export type Tls = ConnectionOptions | false;

/**
 * What to try, in order: the next one where the server knows no TLS. The modes are libpq's: `require` encrypts and
 * believes any server, unless a root certificate is named; `verify-full` also wants the server's name in it.
 */
export function tlsChoices({ host, tls }: Pick<Address, "host" | "tls">): readonly Tls[] {
  if (tls.mode === "disable" || host.startsWith("/")) return [false];
  const options = { ...ownCertificate(tls), ...trust(tls) };
  return tls.mode === "prefer" ? [options, false] : [options];
}

function trust({ mode, rootCertificate }: TlsWish): ConnectionOptions {
  if (mode === "prefer" || (mode === "require" && rootCertificate === undefined)) {
    return { rejectUnauthorized: false };
  }
  const isSystem = rootCertificate === undefined || rootCertificate === "system";
  const ca = isSystem ? {} : { ca: [read(rootCertificate)] };
  if (mode === "verify-full") return { rejectUnauthorized: true, ...ca };
  return { rejectUnauthorized: true, ...ca, checkServerIdentity: () => undefined };
}

function ownCertificate({ certificate, key }: TlsWish): ConnectionOptions {
  return {
    ...(certificate !== undefined && { cert: read(certificate) }),
    ...(key !== undefined && { key: read(key) }),
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new KerutaError(
      "KRT_FILE_UNREADABLE",
      { en: `The certificate ${path} cannot be read.`, ja: `証明書 ${path} を読めません。` },
      {
        hint: {
          en: "Check sslrootcert, sslcert and sslkey, in the URL of the database or as PGSSL… variables.",
          ja: "データベースの URL の sslrootcert、sslcert、sslkey、または PGSSL… 変数を確認してください。",
        },
        cause: error,
        details: { path },
      },
    );
  }
}
