import { language } from "../language/language.ts";
import { now } from "../time/now.ts";
import { showAge, showTime, showTimeInZone } from "../time/show-time.ts";

/** How long ago; the time itself on hovering and for programs. */
export function Age({ time }: { readonly time: string }) {
  return (
    <time dateTime={time} title={showTimeInZone(time, language.value)}>
      {showAge(time, now.value, language.value)}
    </time>
  );
}

/** Date and time; in which zone on hovering. */
export function Moment({ time }: { readonly time: string }) {
  return (
    <time dateTime={time} title={showTimeInZone(time, language.value)}>
      {showTime(time, language.value)}
    </time>
  );
}
