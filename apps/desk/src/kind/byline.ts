import { at, isRecord, type Value } from '../form-model/values.js';

/**
 * How a draft names who wrote: the default, which is the poster's own name; names that the editor gives; or nobody. A correction has no
 * default: who corrects is not who wrote.
 */
export type Naming = 'own' | 'names' | 'nobody';

/** A draft's way of naming. `own`: the poster's name, if a new development has it by default. */
export function namingOf(byline: Value, own: string | undefined): Naming {
  if (Array.isArray(byline) && byline.length > 0) return 'names';
  return byline === undefined && own !== undefined ? 'own' : 'nobody';
}

/** A byline that the editor begins to write: the poster's own name, or one name to fill in. */
export const begunWith = (own: string | undefined): Value => [own === undefined ? {} : { name: own }];

const textIn = (signature: Value, name: string): string => String(at(signature, [name]) ?? '').trim();

function signed(signature: Value): string[] {
  const [name, role, place] = ['name', 'role', 'place'].map(field => textIn(signature, field));
  return name ? [`${name}${role ? ` (${role})` : ''}${place ? ` in ${place}` : ''}`] : [];
}

/** The byline in words, such as "by Ada Vik in Berlin and Coast Wire". */
export function bylineInWords(byline: Value, own: string | undefined): string {
  const naming = namingOf(byline, own);
  if (naming === 'own') return `by ${own}`;
  const names = naming === 'names' && Array.isArray(byline) ? byline.flatMap(signed) : [];
  const last = names.pop();
  if (last === undefined) return naming === 'names' && own !== undefined ? `by ${own}` : 'no byline';
  return `by ${names.length > 0 ? `${names.join(', ')} and ${last}` : last}`;
}

/** Whether a name of a byline is an agency's. */
export const isAgency = (signature: Value): boolean => at(signature, ['as']) === 'agency';

/** A content whose byline is said: without one it names nobody. For previews, which fill in the reader's own name otherwise. */
export const withSaidByline = (content: unknown): unknown =>
  isRecord(content as Value) ? { byline: [], ...(content as object) } : content;
