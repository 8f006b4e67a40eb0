import { actorActs, acts, actorTakedownActs, catalogue } from '#domain';
import type { z } from 'zod';
import { filled, type Filling, type Path } from './sample.js';

/** An act in whose body somebody may write. */
export type Name = keyof typeof acts | keyof typeof actorActs | keyof typeof actorTakedownActs;

/** Where people write: an act, the kind of development if its body has one, and the field. */
export type Place = string;

/** What becomes of the words of a place. */
export interface Fate {
  /** Readers get them as soon as nothing withholds them. Otherwise no reader ever does. */
  readonly shown: boolean;
  /** The takedown that destroys them. Null: none does. */
  readonly takedown: 'development' | 'text' | 'actor' | null;
}

const ofDevelopment = { shown: true, takedown: 'development' } as const;
const ofText = { shown: true, takedown: 'text' } as const;
const internalToDevelopment = { shown: false, takedown: 'development' } as const;
const internalToText = { shown: false, takedown: 'text' } as const;
const ofActor = { shown: true, takedown: 'actor' } as const;
const internalToActor = { shown: false, takedown: 'actor' } as const;

/** By act; `none` where nobody writes. The compiler names an act that is missing here. */
export const fates = {
  openStory: ofText,
  amendStory: ofText,
  recordDevelopment: ofDevelopment,
  correct: ofDevelopment,
  classify: ofDevelopment,
  copyEdit: ofDevelopment,
  recapture: ofDevelopment,
  retract: ofDevelopment,
  verify: ofDevelopment,
  dispute: ofDevelopment,
  supersede: 'none',
  pin: 'none',
  unpin: 'none',
  markKey: 'none',
  unmarkKey: 'none',
  changeEmbargo: 'none',
  liftEmbargo: 'none',
  link: 'none',
  unlink: 'none',
  proposeRetraction: internalToDevelopment,
  proposeTakedown: internalToDevelopment,
  proposeTextTakedown: internalToText,
  approve: 'none',
  withdraw: internalToDevelopment,
  settleCondition: ofText,
  requireApprovals: 'none',
  // The desk says, where it asks for the reason, that the log keeps it.
  proposeApprovals: { shown: false, takedown: null },
  setPostingDefaults: 'none',
  setKeyPoints: ofText,
  closeStory: internalToText,
  reopenStory: internalToText,
  // A member is named by the subject of a token, which the log has in the clear with every act of that person.
  nameMember: { shown: false, takedown: null },
  removeMember: { shown: false, takedown: null },
  setReview: 'none',
  submitDevelopment: ofDevelopment,
  approveSubmission: 'none',
  returnSubmission: internalToDevelopment,
  registerActor: ofActor,
  amendActor: ofActor,
  proposeActorTakedown: internalToActor,
  approveActorTakedown: 'none',
  withdrawActorTakedown: internalToActor,
} as const satisfies Record<Name, Fate | 'none'>;

/** Places with a fate of their own. */
const exceptions: readonly (readonly [RegExp, Fate])[] = [
  // The id of a condition is in the clear, and its documentation says so. Readers get it with the development.
  [/[.]conditions\[\][.]id$/, { shown: true, takedown: null }],
  // The server only compares it with the text.
  [/^copyEdit[.]deadLinks\[\]$/, { shown: false, takedown: 'development' }],
];

/** What becomes of the words at a place of an act. */
export function fateOf(act: Name, place: Place): Fate {
  const exception = exceptions.find(([places]) => places.test(place));
  if (exception) return exception[1];
  const fate = fates[act];
  if (fate === 'none') throw new Error(`People can write in ${place}. Give ${act} a fate in test/canaries/places.ts.`);
  return fate;
}

/** The fields in which only the ids of things are written; a command that names no such thing is refused. */
export const ids = /(^|[.])(id|zone|language|continues|affiliations\[\])$/;
const isOnlyId = (path: Path) => ids.test(path) && !path.endsWith('conditions[].id');

const every: Readonly<Record<Name, { readonly does: string; readonly body?: z.ZodType | undefined }>> = {
  ...acts,
  ...actorActs,
  ...actorTakedownActs,
};
/** The acts whose body reports a kind of development. */
export const reporting: readonly Name[] = ['recordDevelopment', 'submitDevelopment', 'correct', 'classify'];

export const placeOf = (act: Name, path: Path, kind?: string): Place => `${act}${kind ? `(${kind})` : ''}.${path}`;

/** The fields of captured pages in which nobody writes: of the first capture and of the latest. */
export const fixedInCaptures: Readonly<Record<Path, unknown>> = Object.fromEntries(
  ['content.captures[]', 'content.captures[].again', 'captures[]', 'captures[].again'].flatMap(at => [
    [`${at}.published`, '2026-01-01'],
    [`${at}.sha256`, 'a'.repeat(64)],
    [`${at}.at`, '2026-01-01T00:00:00Z'],
    [`${at}.proof`, 'p'.repeat(43)],
    // Its words are the page's, and the files are looked for in test/e2e/captures.e2e.ts.
    [`${at}.picture`, undefined],
    // A page that is gone says nothing.
    [`${at}.gone`, undefined],
  ]),
);

/** Fills in the body of an act. */
export const bodyOf = (act: Name, filling: Filling) => filled(every[act].body!, filling) as object;

/** The body, if the act takes it. */
export function taken(act: Name, body: object): object {
  const { error } = every[act].body!.safeParse(body);
  if (error)
    throw new Error(`${act} does not take what the scenario writes. Change test/canaries/scenario.ts.`, {
      cause: error,
    });
  return body;
}

const classifiable = catalogue.filter(({ unclassified }) => !unclassified);

/** The kinds that the body of an act can report; undefined for an act that reports none. */
function kindsOf(act: Name): readonly (string | undefined)[] {
  if (!reporting.includes(act)) return [undefined];
  return (act === 'classify' ? classifiable : catalogue).map(({ kind }) => kind);
}

/** Every field of every act in which people write, by the schemas of the bodies. */
export function everyPlace(): Set<Place> {
  const found = new Set<Place>();
  for (const act of Object.keys(every) as Name[]) {
    if (!every[act].body) continue;
    for (const kind of kindsOf(act)) {
      const write = (path: Path) => {
        if (!isOnlyId(path)) found.add(placeOf(act, path, kind));
        return 'somecanary';
      };
      // Instants of a report have two forms, and neither holds a text.
      const fixed = { ...fixedInCaptures, 'content.occurred': { precision: 'unknown' } };
      // Pictures come from files: test/e2e/pictures.e2e.ts looks for their words.
      const without = ['content.media'];
      bodyOf(act, { write, actor: () => 'finch', fixed, without, ...(kind && { kind }) });
    }
  }
  return found;
}
