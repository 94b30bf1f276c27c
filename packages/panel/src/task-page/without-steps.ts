import type { Event } from "@keruta/shared/domain";

/** Of steps of progress that follow each other, the last. */
export function withoutStepsBetween(events: readonly Event[]): readonly Event[] {
  return events.filter(({ type, attempt }, index) => {
    const next = events[index + 1];
    return type !== "Progress" || next?.type !== "Progress" || next.attempt !== attempt;
  });
}
