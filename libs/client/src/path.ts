/**
 * The path of these steps, each encoded. The only place where paths are put together from ids: an id with a slash, a question
 * mark or a hash in it would otherwise lead to another route than the one meant. Throws a RangeError for a step that
 * browsers and servers take out of a path whatever its encoding.
 */
export function pathTo(...steps: string[]): string {
  const lost = steps.find(step => /^[.]{0,2}$/.test(step));
  if (lost !== undefined) throw new RangeError(`“${lost}” cannot be a step of a path.`);
  return steps.map(step => `/${encodeURIComponent(step)}`).join('');
}
