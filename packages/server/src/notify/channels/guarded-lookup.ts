import { lookup as resolveName, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import type { AddressGuard } from "./address-guard.ts";

/** Where a name leads is none of a webhook's business. */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
  readonly address: string;
  constructor(address: string) {
    super(`${address} is not a public address`);
    this.address = address;
  }
}

type Resolve = (
  host: string,
  options: { readonly all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * The look-up of a connection: every address that the name has must be allowed, and what is checked is what is
 * connected to, so that a name which answers otherwise the next time leads nowhere else.
 */
export function guardedLookup(
  guard: AddressGuard,
  host: string,
  resolve: Resolve = resolveName,
): LookupFunction {
  return (name, options, done) => {
    resolve(name, { all: true }, (error, addresses) => {
      if (error) {
        done(error, "", 0);
        return;
      }
      const wrong = guard.listsHost(host)
        ? undefined
        : addresses.find(({ address }) => !guard.allowsAddress(address));
      const [first] = addresses;
      if (wrong || !first) done(new AddressRefused(wrong?.address ?? host), "", 0);
      else if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}
