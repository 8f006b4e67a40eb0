/** With a capital at its beginning; what only steers directions is passed over. */
export const capitalised = (text: string): string =>
  text.replace(/^(\p{Cf}*)(\p{Ll})/u, (_, before: string, letter: string) => before + letter.toUpperCase());

/** A slug or a field's name as a reader says it. */
export const spaced = (name: string): string =>
  name.replaceAll('-', ' ').replace(/(?<=[a-z])[A-Z]/g, letter => ` ${letter.toLowerCase()}`);
