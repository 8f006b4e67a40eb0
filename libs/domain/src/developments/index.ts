import { incidentKinds } from './incidents.js';
import type { Kind } from './kind.js';
import { matchKinds } from './matches.js';
import { meetingKinds } from './meetings.js';
import { presenceKinds } from './presence.js';
import { prospectKinds } from './prospects.js';
import { settingKinds } from './setting.js';
import { speechKinds } from './speech.js';
import { stanceKinds } from './stances.js';
import { updateKinds } from './update.js';
import { voteKinds } from './votes.js';

/** Every kind of development. To add one, add its entry to the file of its theme. */
export const catalogue: readonly Kind[] = [
  ...updateKinds,
  ...presenceKinds,
  ...meetingKinds,
  ...speechKinds,
  ...stanceKinds,
  ...prospectKinds,
  ...voteKinds,
  ...incidentKinds,
  ...matchKinds,
  ...settingKinds,
];

/** The names of all kinds, as a tuple that is not empty. */
export const kindNames = catalogue.map(({ kind }) => kind);

/** The names of the kinds whose developments wait to be classified. */
export const unclassifiedKinds: readonly string[] = catalogue.flatMap(({ kind, unclassified }) =>
  unclassified ? kind : [],
);

const byName = new Map(catalogue.map(kind => [kind.kind, kind]));
/** The kind with this name; undefined if the catalogue has none. */
export const kindNamed = (name: string): Kind | undefined => byName.get(name);

export type { Incident } from './incidents.js';
export type { Score } from './matches.js';
export type { Decision, Result } from './votes.js';
