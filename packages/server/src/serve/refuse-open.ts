import { isIP } from "node:net";
import { KerutaError } from "@keruta/shared/domain";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Throws KRT_USAGE where tokens would travel in the clear: beyond this machine there is TLS, here or in front. */
export function refuseOpen({ host, port }: Address, isSafe: boolean): void {
  if (isSafe || isLoopback(host)) return;
  const place = `${host}:${String(port)}`;
  throw new KerutaError(
    "KRT_USAGE",
    {
      en: `Without TLS the server does not listen on ${place}: tokens and logs would travel in the clear.`,
      ja: `TLS なしで ${place} を公開することはできません。トークンやログが平文で流れます。`,
    },
    {
      hint: {
        en: "Give --tls-cert and --tls-key, or say --tls-in-front where a proxy or the cluster's own network does it.",
        ja: "--tls-cert と --tls-key を指定するか、手前で TLS を終端しているなら --tls-in-front を付けてください。",
      },
      details: { host, port },
    },
  );
}

function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}
