/** What an organisation keeps of a lead beyond the API's own fields. */
export type Custom = Record<string, unknown>;

/** One custom field, as a form has it. */
export interface CustomText {
  /** Tells the rows of a form apart while names are typed. */
  key: string;
  name: string;
  value: string;
}

export function customText(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}

export function customTextsOf(custom: Custom): CustomText[] {
  return Object.entries(custom).map(([name, value]) => ({ key: name, name, value: customText(value) }));
}

/** The fields to be stored. Numbers and yes-or-no stay what they were as long as nobody changes them. */
export function customOf(texts: readonly CustomText[], was: Custom): Custom {
  return Object.fromEntries(
    texts
      .filter(({ name }) => name.trim() !== "")
      .map(({ name, value }) => {
        const known = was[name.trim()];
        return [name.trim(), customText(known) === value && known !== undefined ? known : value];
      }),
  );
}

/** Names that stand more than once, of which only the last would be kept. */
export function repeatedName(texts: readonly CustomText[]): string | undefined {
  const names = texts.map(({ name }) => name.trim()).filter((name) => name !== "");
  return names.find((name, index) => names.indexOf(name) !== index);
}
