// In JSON these stand inside strings only, so replacing them in the text is replacing them in the strings.
const unsafe = /[<>&\u007f-\u009f\u2028\u2029]|\p{Noncharacter_Code_Point}/gu;
const escape = (character: string) =>
  [...Array(character.length).keys()]
    .map(unit => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`)
    .join('');

/** JSON that can stand in a page's script element without ending it, and holds nothing that HTML cannot hold. */
export const pageSafeJson = (value: unknown): string => JSON.stringify(value).replace(unsafe, escape);
