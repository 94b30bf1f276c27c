/** Kubernetes' syntax of label keys, label values and object names. Patterns are without anchors. */
const subdomain = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*";
const qualified = "[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";

/** `team` or `example.com/team`. */
export const labelKeyPattern = `(?:(?=[^/]{1,253}/)${subdomain}/)?${qualified}`;
/** At most 63 characters, or empty. */
export const labelValuePattern = `(?:${qualified})?`;
/** Names of namespaces and volumes: at most 63 characters. */
export const dnsLabelPattern = "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?";
/** Names of Secrets, claims and most other objects: at most 253 characters. */
export const objectNamePattern = `(?=.{1,253}$)${subdomain}`;
/** Keys in a Secret or ConfigMap. */
export const dataKeyPattern = "(?!\\.{1,2}$)[-._a-zA-Z0-9]{1,253}";
/** Names of environment variables, as Kubernetes accepts them in every version. */
export const environmentNamePattern = "[-._a-zA-Z][-._a-zA-Z0-9]*";

const wholeLabelKey = new RegExp(`^${labelKeyPattern}$`);
const wholeLabelValue = new RegExp(`^${labelValuePattern}$`);
const wholeObjectName = new RegExp(`^${objectNamePattern}$`);
const wholeDataKey = new RegExp(`^${dataKeyPattern}$`);

export function isLabelKey(text: string): boolean {
  return wholeLabelKey.test(text);
}

export function isLabelValue(text: string): boolean {
  return wholeLabelValue.test(text);
}

export function isObjectName(text: string): boolean {
  return wholeObjectName.test(text);
}

export function isDataKey(text: string): boolean {
  return wholeDataKey.test(text);
}
