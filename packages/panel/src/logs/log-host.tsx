import { place } from "../routing/place.ts";
import { parseLogAddress } from "./log-address.ts";
import { LogDialog } from "./log-dialog.tsx";

/** The log that the address names, over whichever screen: it outlives the row that opened it. */
export function LogHost() {
  const address = parseLogAddress(place.value.fragment);
  return address ? <LogDialog key={address.taskId} address={address} /> : null;
}
