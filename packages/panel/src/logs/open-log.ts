import { navigate, place } from "../routing/place.ts";
import { formatLogAddress, type LogAddress } from "./log-address.ts";

/** Opening is a step in the browser's history, so that going back closes it. */
export function openLog(address: LogAddress, { replace = false } = {}): void {
  navigate(`${here()}${formatLogAddress(address)}`, { replace });
}

export function closeLog(): void {
  navigate(here(), { replace: true });
}

function here(): string {
  const { path, search } = place.peek();
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}
