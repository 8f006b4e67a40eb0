export { capitalised } from '#domain/bidi';

/** A slug or a field's name as a reader says it. */
export const spaced = (name: string): string =>
  name.replaceAll('-', ' ').replace(/(?<=[a-z])[A-Z]/g, letter => ` ${letter.toLowerCase()}`);
