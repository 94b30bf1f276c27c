import { KerutaError } from "./error.ts";
import { isLabelKey, isLabelValue } from "./label.ts";

/** As Kubernetes selectors have them. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values: readonly string[];
}

/** Reads `a=b,c!=d,e in (x,y),f notin (z),g,!h`. Throws KRT_USAGE with the part that is wrong. */
export function parseLabelSelector(text: string): readonly LabelRequirement[] {
  if (text.trim() === "") return [];
  // A comma inside parentheses separates values, not requirements.
  return text.split(/,(?![^(]*\))/).map((part) => parseRequirement(part.trim(), text));
}

/** As in Kubernetes, `!=` and `notin` also match where the label is absent. */
export function matchesLabels(
  requirements: readonly LabelRequirement[],
  labels: Readonly<Record<string, string>>,
): boolean {
  return requirements.every(({ key, operator, values }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    switch (operator) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
    }
  });
}

function parseRequirement(part: string, selector: string): LabelRequirement {
  const requirement = readSet(part) ?? readEquality(part) ?? readExistence(part);
  const sound = requirement && isLabelKey(requirement.key) && requirement.values.every(isLabelValue);
  if (sound) return requirement;
  const shown = JSON.stringify(part);
  throw new KerutaError(
    "KRT_USAGE",
    {
      en: `The label selector ${JSON.stringify(selector)} has a part that is none: ${shown}.`,
      ja: `ラベルセレクター ${JSON.stringify(selector)} の ${shown} を解釈できません。`,
    },
    {
      hint: {
        en: "Write parts such as team=docs, team!=docs, team in (docs,web), team or !team, with commas between.",
        ja: "team=docs、team!=docs、team in (docs,web)、team、!team の形をコンマで区切って指定してください。",
      },
    },
  );
}

function readSet(part: string): LabelRequirement | undefined {
  const match = /^([^\s!=(),]+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(part);
  if (!match) return undefined;
  const [, key = "", word, list = ""] = match;
  const values = list.split(",").map((value) => value.trim());
  return { key, operator: word === "in" ? "In" : "NotIn", values };
}

function readEquality(part: string): LabelRequirement | undefined {
  const match = /^([^\s!=(),]+)\s*(==?|!=)\s*([^\s!=(),]*)$/.exec(part);
  if (!match) return undefined;
  const [, key = "", sign, value = ""] = match;
  return { key, operator: sign === "!=" ? "NotIn" : "In", values: [value] };
}

function readExistence(part: string): LabelRequirement | undefined {
  const match = /^(!?)\s*([^\s!=(),]+)$/.exec(part);
  if (!match) return undefined;
  const [, not, key = ""] = match;
  return { key, operator: not === "!" ? "DoesNotExist" : "Exists", values: [] };
}
