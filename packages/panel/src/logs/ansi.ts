import { visible } from "../text/visible.ts";

/** A part of a line that looks alike. Colours 0 to 15 are the theme's, others `#rrggbb`. */
export interface Segment {
  readonly text: string;
  readonly color?: number | string;
  readonly background?: number | string;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly strike?: boolean;
}

interface Style extends Omit<Segment, "text"> {
  readonly inverse?: boolean;
}

// oxlint-disable-next-line no-control-regex -- the escape is what is looked for
const sgr = /\u001b\[([0-9;:]{0,100})m/g;

/**
 * A line as pieces that look alike. Of all that a terminal obeys only colours and styles are followed; whatever else
 * has the escape in it is shown as text.
 */
export function segmentsOf(line: string): readonly Segment[] {
  const segments: Segment[] = [];
  let style: Style = {};
  let at = 0;
  const add = (text: string) => {
    if (text !== "") segments.push({ text: visible(text, "\t"), ...shown(style) });
  };
  for (const match of line.matchAll(sgr)) {
    add(line.slice(at, match.index));
    at = match.index + match[0].length;
    style = styleAfter(style, match[1] ?? "");
  }
  add(line.slice(at));
  return segments;
}

function shown({ inverse, color, background, ...rest }: Style): Omit<Segment, "text"> {
  const [front, back] = inverse === true ? [background ?? 0, color ?? 7] : [color, background];
  return {
    ...rest,
    ...(front !== undefined && { color: front }),
    ...(back !== undefined && { background: back }),
  };
}

function styleAfter(before: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map((text) => (text === "" ? 0 : Number(text)));
  let style = before;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const { color, used } = extendedColor(codes.slice(at + 1));
      at += used;
      if (color !== undefined) style = { ...style, [code === 38 ? "color" : "background"]: color };
    } else style = simple(style, code);
  }
  return style;
}

const ons: Readonly<Record<number, Style>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
};
const offs: Readonly<Record<number, readonly (keyof Style)[]>> = {
  22: ["bold", "dim"],
  23: ["italic"],
  24: ["underline"],
  27: ["inverse"],
  29: ["strike"],
  39: ["color"],
  49: ["background"],
};

/** Blinking and hiding are not among them: nobody wants to miss what is there. */
function simple(style: Style, code: number): Style {
  if (code === 0) return {};
  if (code >= 30 && code <= 37) return { ...style, color: code - 30 };
  if (code >= 40 && code <= 47) return { ...style, background: code - 40 };
  if (code >= 90 && code <= 97) return { ...style, color: code - 82 };
  if (code >= 100 && code <= 107) return { ...style, background: code - 92 };
  const gone = offs[code];
  if (gone)
    return Object.fromEntries(Object.entries(style).filter(([key]) => !gone.includes(key as keyof Style)));
  return { ...style, ...ons[code] };
}

function extendedColor([kind, a = 0, b = 0, c = 0]: readonly number[]): {
  readonly color: number | string | undefined;
  readonly used: number;
} {
  if (kind === 5) return { color: indexed(a), used: 2 };
  if (kind === 2) return { color: hex([a, b, c]), used: 4 };
  return { color: undefined, used: 1 };
}

const cube = [0, 95, 135, 175, 215, 255];

function indexed(index: number): number | string | undefined {
  if (index < 16) return index;
  if (index > 255) return undefined;
  if (index >= 232) return hex(Array.from({ length: 3 }, () => 8 + (index - 232) * 10));
  const place = index - 16;
  const levels = [Math.floor(place / 36), Math.floor(place / 6) % 6, place % 6];
  return hex(levels.map((level) => cube[level] ?? 0));
}

function hex(parts: readonly number[]): string {
  return `#${parts.map((part) => Math.min(255, part).toString(16).padStart(2, "0")).join("")}`;
}
