// In JSON these stand inside strings only, so replacing them in the text is replacing them in the strings.
const unsafe = /[<>&\u2028\u2029]/g;
const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** JSON that can stand in a page's script element without ending it. */
export const pageSafeJson = (value: unknown): string => JSON.stringify(value).replace(unsafe, escape);
