import { nameOf, resolveActor, type Directory } from './actor/directory.js';
import { headlineOf, mapContentActors, type Content } from './content.js';
import { isRefusal, type Refusal } from './errors.js';

/** The content as it enters the log: actors by their ids, and a headline whoever wrote it. `path` is where the content stands in the command. */
export function resolveContent(content: Content, directory: Directory, path: readonly string[]): Content | Refusal {
  const refused: Refusal[] = [];
  const resolved = mapContentActors(content, (ref, at) => {
    const id = resolveActor(directory, ref);
    if (!isRefusal(id)) return id;
    refused.push({ ...id, path: [...path, ...at] });
    return ref;
  });
  return refused[0] ?? { ...resolved, headline: headlineOf(resolved, actor => nameOf(directory, actor)) };
}
