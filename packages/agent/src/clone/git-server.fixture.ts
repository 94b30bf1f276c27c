import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface GitServerOptions {
  /** Directory whose repositories are served. */
  readonly root: string;
  /** `user:password` that is asked for. */
  readonly login?: string;
  /** Answers for the first requests: a status, or `cut` for a connection that breaks in the middle. */
  readonly failures?: (number | "cut")[];
  /** Passes on the client's wish for protocol 2, as common servers do. */
  readonly protocol2?: boolean;
  readonly redirectTo?: () => string;
  /** Where it listens; the loopback interface unless given. */
  readonly address?: string;
}

export interface GitServer extends AsyncDisposable {
  readonly url: string;
  /** `METHOD path` of each. */
  readonly requests: string[];
  /** What the Authorization headers said, decoded. */
  readonly logins: string[];
}

/** `git http-backend` behind a real HTTP server. */
export async function createGitServer(options: GitServerOptions): Promise<GitServer> {
  const { address = "127.0.0.1" } = options;
  const requests: string[] = [];
  const logins: string[] = [];
  const failures = [...(options.failures ?? [])];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    const sent = request.headers.authorization?.replace(/^Basic /, "");
    const given = sent === undefined ? undefined : Buffer.from(sent, "base64").toString();
    if (given !== undefined) logins.push(given);
    const failure = failures.shift();
    if (failure === "cut") {
      response.writeHead(200, {
        "content-type": "application/x-git-upload-pack-advertisement",
        "content-length": "1000",
      });
      response.write("001e# service=git-", () => request.socket.destroy());
    } else if (failure !== undefined) {
      response.writeHead(failure).end();
    } else if (options.redirectTo !== undefined) {
      response.writeHead(302, { location: `${options.redirectTo()}${request.url ?? ""}` }).end();
    } else if (options.login !== undefined && given !== options.login) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
    } else {
      serveGit(request, response, options);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${address}:${String(port)}`,
    requests,
    logins,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serveGit(request: IncomingMessage, response: ServerResponse, options: GitServerOptions): void {
  const { pathname, search } = new URL(request.url ?? "/", "http://server");
  const headers = {
    ...(request.headers["content-encoding"] === undefined
      ? {}
      : { HTTP_CONTENT_ENCODING: request.headers["content-encoding"] }),
    ...(options.protocol2 === true ? { GIT_PROTOCOL: "version=2" } : {}),
  };
  const backend = spawn("git", ["-c", "safe.directory=*", "http-backend"], {
    env: {
      GIT_PROJECT_ROOT: options.root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      PATH: "/usr/local/bin:/usr/bin:/bin",
      ...headers,
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  // It may end, or the client may leave, before all was read.
  backend.stdin.on("error", () => undefined);
  request.pipe(backend.stdin);
  let head = Buffer.alloc(0);
  let headDone = false;
  backend.stdout.on("data", (chunk: Buffer) => {
    if (headDone) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end === -1) return;
    headDone = true;
    let status = 200;
    for (const line of head.subarray(0, end).toString().split("\r\n")) {
      const [name = "", value = ""] = line.split(": ");
      if (name === "Status") status = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.writeHead(status);
    response.write(head.subarray(end + 4));
  });
  backend.once("close", () => response.end());
  response.once("close", () => backend.kill());
}
