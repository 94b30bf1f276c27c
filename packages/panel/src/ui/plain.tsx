import { visible } from "../text/visible.ts";

interface PlainProps {
  readonly text: string;
  /** With its line breaks. */
  readonly lines?: boolean;
}

/** A text of somebody else's: as text, isolated from what stands around it. */
export function Plain({ text, lines = false }: PlainProps) {
  return <bdi>{visible(text, lines ? "\n\t" : "")}</bdi>;
}
