import type { ComponentChildren } from "preact";
import { mayLeave } from "./leaving.ts";
import { navigate } from "./place.ts";
import { isPlainClick } from "./plain-click.ts";

interface LinkProps {
  readonly to: string;
  readonly class?: string;
  readonly "aria-current"?: "page" | undefined;
  readonly children: ComponentChildren;
}

/** A link within the panel: a plain click changes the screen, all else is the browser's. */
export function Link({ to, children, ...rest }: LinkProps) {
  return (
    <a
      {...rest}
      href={to}
      onClick={(event) => {
        if (!isPlainClick(event)) return;
        event.preventDefault();
        if (new URL(to, location.href).pathname === location.pathname || mayLeave()) navigate(to);
      }}
    >
      {children}
    </a>
  );
}
