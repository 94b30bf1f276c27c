import { navigate, place } from "../routing/place.ts";
import { formatLogAddress, parseLogAddress, type LogAddress } from "./log-address.ts";

/** Remembered by a step in the history that opening a log made: the one before it is the screen without the log. */
const opened = "log-opened";

/** Opening is a step in the browser's history, so that going back closes it. */
export function openLog(address: LogAddress, { replace = false } = {}): void {
  const state = !replace || history.state === opened ? opened : null;
  navigate(`${here()}${formatLogAddress(address)}`, { replace, state });
}

/** Takes the step back that opening made; a log that an address led to leaves the screen it lies over. */
export function closeLog(): void {
  // A step back takes its time, and a second one would leave the screen.
  if (!parseLogAddress(place.peek().fragment)) return;
  if (history.state !== opened) {
    navigate(here(), { replace: true });
    return;
  }
  place.value = { ...place.peek(), fragment: "" };
  history.back();
}

function here(): string {
  const { path, search } = place.peek();
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}
