/**
 * Encodes the segments and joins them into a path. Use only this to build paths from ids: an id with a slash, question mark or hash
 * would otherwise lead to another route. Throws a RangeError for `.` and `..`, which browsers and servers remove in any encoding.
 */
export function pathTo(...steps: string[]): string {
  const lost = steps.find(step => /^[.]{0,2}$/.test(step));
  if (lost !== undefined) throw new RangeError(`“${lost}” cannot be a step of a path.`);
  return steps.map(step => `/${encodeURIComponent(step)}`).join('');
}
