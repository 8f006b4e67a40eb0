import { nameOf, resolveActor, type Directory } from './actor/directory.js';
import { Content, headlineOf, mapContentActors } from './content.js';
import { isRefusal, type Refusal } from './errors.js';

/**
 * Prepares content for the log: replaces actors by their ids, and writes a headline if the editor gave none. `path` is where the
 * content is in the command; `language` is the story's.
 */
export function resolveContent(
  content: Content,
  directory: Directory,
  path: readonly string[],
  language?: string,
): Content | Refusal {
  const refused: Refusal[] = [];
  const resolved = mapContentActors(content, (ref, at) => {
    const id = resolveActor(directory, ref);
    if (!isRefusal(id)) return id;
    refused.push({ ...id, path: [...path, ...at] });
    return ref;
  });
  if (refused[0]) return refused[0];
  // Validate again, on the final content: two names may mean one actor, and content that fails its schema must not be written.
  const checked = Content.safeParse({
    ...resolved,
    headline: headlineOf(resolved, actor => nameOf(directory, actor), language),
  });
  if (checked.success) return checked.data;
  const { path: at, message } = checked.error.issues[0]!;
  return {
    refused: 'invalid-field',
    detail: message,
    path: [...path, ...at.map(step => (typeof step === 'symbol' ? String(step) : step))],
  };
}
