import { say } from "../language/language.ts";
import { navigate, withSearch } from "../routing/place.ts";
import { words } from "./task-list-words.ts";

interface PagesProps {
  /** That led here. */
  readonly cursors: readonly string[];
  readonly nextCursor: string | null;
  /** The page that is shown is not yet the one that these lead to. */
  readonly isLoading: boolean;
}

export function Pages({ cursors, nextCursor, isLoading }: PagesProps) {
  if (cursors.length === 0 && nextCursor === null) return null;
  const go = (to: readonly string[]) => () => {
    if (isLoading) return;
    navigate(withSearch({ page: to.join("~") }));
    scrollTo(0, 0);
  };
  return (
    <nav class="row row-center" aria-label={say(words.pages)} aria-busy={isLoading}>
      <button type="button" class="button" disabled={cursors.length === 0} onClick={go([])}>
        {say(words.first)}
      </button>
      <button type="button" class="button" disabled={cursors.length === 0} onClick={go(cursors.slice(0, -1))}>
        {say(words.previous)}
      </button>
      <span class="quiet">{cursors.length + 1}</span>
      <button
        type="button"
        class="button"
        disabled={nextCursor === null}
        aria-disabled={isLoading}
        onClick={nextCursor === null ? undefined : go([...cursors, nextCursor])}
      >
        {say(words.next)}
      </button>
    </nav>
  );
}
