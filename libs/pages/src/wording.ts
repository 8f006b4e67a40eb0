export { capitalised } from '#domain/bidi';

/** Turns a slug or a field's name into words. */
export const spaced = (name: string): string =>
  name.replaceAll('-', ' ').replace(/(?<=[a-z])[A-Z]/g, letter => ` ${letter.toLowerCase()}`);
