// In JSON these characters occur only inside strings, so replacing them in the text is safe.
const unsafe = /[<>&\u007f-\u009f\u2028\u2029]|\p{Noncharacter_Code_Point}/gu;
const escape = (character: string) =>
  [...Array(character.length).keys()]
    .map(unit => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`)
    .join('');

/** JSON that a page's script element can hold: it cannot end the element, and contains nothing that HTML cannot hold. */
export const pageSafeJson = (value: unknown): string => JSON.stringify(value).replace(unsafe, escape);
