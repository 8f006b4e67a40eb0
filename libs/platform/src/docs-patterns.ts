const lastOfPlane = 0xffff;
const isSurrogate = (code: number) => code >= 0xd800 && code <= 0xdfff;
const escaped = (code: number) => `\\u${code.toString(16).padStart(4, '0')}`;

/** The characters of a Unicode property, as ranges of a character class. Omits those beyond the first plane. */
function rangesOf(property: string): string {
  const has = new RegExp(`^${property}$`, 'u');
  let ranges = '';
  for (let code = 0; code <= lastOfPlane; code++) {
    if (isSurrogate(code) || !has.test(String.fromCharCode(code))) continue;
    const first = code;
    while (code < lastOfPlane && !isSurrogate(code + 1) && has.test(String.fromCharCode(code + 1))) code++;
    ranges += escaped(first) + (code > first ? `-${escaped(code)}` : '');
  }
  return ranges;
}

const known = new Map<string, string>();

/**
 * Rewrites a pattern for regular expressions without Unicode properties, as in many languages and in JavaScript without the flag `u`:
 * each property inside a class becomes its ranges. We refuse every text that the pattern refuses; it does not check characters beyond
 * the first plane.
 */
export const portable = (pattern: string): string =>
  pattern.replace(/\\p\{[^}]+\}/g, property => {
    const ranges = known.get(property) ?? rangesOf(property);
    known.set(property, ranges);
    return ranges;
  });

/** Rewrites all patterns in a JSON Schema to portable ones. */
export const withPortablePatterns = <Schema extends object>(schema: Schema): Schema =>
  JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === 'pattern' && typeof value === 'string' ? portable(value) : value,
  ) as Schema;
