type Env = Readonly<Record<string, string | undefined>>;

/** The proxy on the way to a server: the kubeconfig's, else HTTPS_PROXY or HTTP_PROXY unless NO_PROXY names it. */
export function chooseProxy(server: URL, configured: string | undefined, env: Env): string | undefined {
  if (configured !== undefined) return configured;
  const name = server.protocol === "https:" ? "https_proxy" : "http_proxy";
  const proxy = read(env, name) ?? read(env, "all_proxy");
  if (proxy === undefined || isExcepted(server, read(env, "no_proxy") ?? "")) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

function read(env: Env, name: string): string | undefined {
  return env[name] || env[name.toUpperCase()] || undefined;
}

/** As Go reads NO_PROXY, so that keruta goes where kubectl goes: names cover subdomains, networks are CIDR. */
function isExcepted(server: URL, list: string): boolean {
  const host = server.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const port = server.port || (server.protocol === "https:" ? "443" : "80");
  if (host === "localhost" || host === "::1" || host.startsWith("127.")) return true;
  return list
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "")
    .some((entry) => covers(entry, host, port));
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return isInNetwork(host, entry);
  const [, name = entry, wantedPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (wantedPort !== undefined && wantedPort !== port) return false;
  const bare = name.replace(/^\*?\./, "");
  return (host === bare && !name.startsWith(".")) || host.endsWith(`.${bare}`);
}

function isInNetwork(host: string, network: string): boolean {
  const [base = "", length = ""] = network.split("/");
  const [address, start, bits] = [toNumber(host), toNumber(base), Number(length)];
  if (address === undefined || start === undefined || !(bits >= 0 && bits <= 32)) return false;
  const size = 2 ** (32 - bits);
  return Math.floor(address / size) === Math.floor(start / size);
}

function toNumber(address: string): number | undefined {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
