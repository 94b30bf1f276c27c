import { codeOf } from "@keruta/shared/domain";

/** An error of the network, as Node (ECONNRESET, ENOTFOUND, ERR_TLS_…) and undici (UND_ERR_…) name them. */
export function isNetworkProblem(error: unknown): boolean {
  return /^(E[A-Z]+[0-9]*|EAI_[A-Z]+|ERR_(TLS|SSL)_.*|CERT_.*|UND_ERR_.*|DEPTH_ZERO.*|SELF_SIGNED.*|UNABLE_TO.*|HPE_.*)$/.test(
    codeOf(error) ?? "",
  );
}

/** What becomes of a request on a kept connection that the server closed at the same moment. */
export function isStaleSocket(error: unknown): boolean {
  return /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/.test(codeOf(error) ?? "");
}
