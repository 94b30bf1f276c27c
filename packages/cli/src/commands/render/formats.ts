/** The first is the default. */
export const renderFormats = ["yaml", "json"] as const;
export type RenderFormat = (typeof renderFormats)[number];
