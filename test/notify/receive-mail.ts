import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came, headers and body. */
  readonly raw: string;
  readonly user: string | undefined;
  readonly isSecure: boolean;
}

export interface MailReceiver extends AsyncDisposable {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** Resolves when so many have come. */
  received(count: number): Promise<readonly ReceivedMail[]>;
}

export interface MailReceiverOptions extends SMTPServerOptions {
  /** 0: any that is free. */
  readonly port?: number;
  readonly password?: string;
  /** The code by which a receiver is refused. */
  readonly refuses?: (address: string) => number | undefined;
}

/** A real SMTP server on this machine. */
export async function receiveMail(options: MailReceiverOptions = {}): Promise<MailReceiver> {
  const { port = 0, password, refuses = () => undefined, ...rest } = options;
  const mails: ReceivedMail[] = [];
  const waiting = new Set<() => void>();
  const server = new SMTPServer({
    authOptional: password === undefined,
    disabledCommands: password === undefined ? ["AUTH", "STARTTLS"] : [],
    onAuth(auth, _, done) {
      if (auth.password === password) done(null, { user: auth.username });
      else done(Object.assign(new Error("wrong password"), { responseCode: 535 }));
    },
    onRcptTo({ address }, _, done) {
      const responseCode = refuses(address);
      done(responseCode === undefined ? null : Object.assign(new Error(`no ${address}`), { responseCode }));
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(parts).toString(),
          user: session.user === undefined ? undefined : String(session.user),
          isSecure: session.secure,
        });
        for (const wake of waiting) wake();
        done(null, "kept");
      });
    },
    ...rest,
  });
  // A client that goes away in the middle is what some tests are about.
  server.on("error", () => undefined);
  const listening = server.listen(port, "127.0.0.1");
  await once(listening, "listening");
  return {
    port: (listening.address() as AddressInfo).port,
    mails,
    async received(count) {
      while (mails.length < count) {
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
        });
      }
      return mails;
    },
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        server.close(resolve);
      });
    },
  };
}
