import type { Kind } from './kind.js';
import { meetingKinds } from './meetings.js';

/** Every kind of development there is. To add one, add its entry to the theme's file it belongs to. */
export const catalogue: readonly Kind[] = [...meetingKinds];

const byName = new Map(catalogue.map(kind => [kind.kind, kind]));
export const kindNamed = (name: string): Kind | undefined => byName.get(name);
