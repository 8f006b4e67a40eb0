import type { Change, ReadableEntry } from '#contract';
import type { ShownEventType } from '#domain';
import { printable } from '#platform';
import type pc from 'picocolors';
import { wrap } from './layout.js';
import { isReadable } from './reading.js';
import { sourced, unlikeFact, type Names } from './words.js';

/** What lines are printed on: the width in columns, and the colours that the terminal shows. */
export interface Paper {
  readonly width: number;
  readonly colours: ReturnType<typeof pc.createColors>;
}

const kindWidth = 23;
const indent = ' '.repeat(7 + kindWidth);

/**
 * The label and the colour of each change. A recorded development is printed on separate lines; changes with null are not
 * printed.
 */
const names: Readonly<Record<ShownEventType, [string, 'green' | 'yellow' | 'red' | 'cyan'] | null>> = {
  DevelopmentRecorded: null,
  DevelopmentEmbargoed: null,
  EmbargoLifted: null,
  DevelopmentUnpinned: null,
  DevelopmentUnmarkedKey: null,
  DevelopmentLinked: null,
  DevelopmentUnlinked: null,
  ContentShredded: null,
  StoryOpened: ['story opened', 'cyan'],
  StoryOpenedSealed: ['story opened', 'cyan'],
  StoryAmended: ['headline changed', 'yellow'],
  TextShredded: ['taken down', 'red'],
  KeyPointWritten: null,
  KeyPointsSet: ['key points', 'cyan'],
  StoryClosed: ['story closed', 'cyan'],
  StoryClosedSealed: ['story closed', 'cyan'],
  StoryReopened: ['story reopened', 'cyan'],
  StoryReopenedSealed: ['story reopened', 'cyan'],
  DevelopmentCorrected: ['corrected', 'yellow'],
  DevelopmentClassified: ['classified', 'cyan'],
  DevelopmentCopyEdited: ['edited', 'cyan'],
  DevelopmentRecaptured: ['captured again', 'cyan'],
  DevelopmentRetracted: ['retracted', 'red'],
  DevelopmentSuperseded: ['superseded', 'yellow'],
  DevelopmentReinstated: ['reinstated', 'yellow'],
  DevelopmentVerified: ['verified', 'green'],
  DevelopmentDisputed: ['disputed', 'red'],
  DevelopmentPinned: ['pinned', 'cyan'],
  DevelopmentMarkedKey: ['key event', 'cyan'],
  ConditionSettled: ['condition', 'cyan'],
  ConditionSettledSealed: ['condition', 'cyan'],
};

/** The printed part of a change. */
export type Printed = Pick<Change, 'position' | 'acts' | 'entries'>;

/** One commit's changes, as lines for a person. A taken-down development has no text to print. */
export function changeLines({ position, acts, entries }: Printed, names: Names, paper: Paper): string[] {
  const shown = entries.filter(isReadable);
  const entryOf = (id: string | undefined) => shown.find(entry => entry.id === id);
  const recorded = new Set(acts.filter(act => act.act === 'DevelopmentRecorded').map(act => act.development));
  return acts.flatMap(act => {
    const entry = entryOf(act.development);
    if (act.act === 'DevelopmentRecorded' && entry) return recordedLines(position, entry, names, paper);
    // The lines of a new development already say that it is a key event.
    if (act.act === 'DevelopmentMarkedKey' && recorded.has(act.development)) return [];
    return actLines(position, act, entry, paper);
  });
}

function recordedLines(position: number, entry: ReadableEntry, name: Names, { width, colours }: Paper): string[] {
  const unlike = unlikeFact(entry.modality);
  const paint = unlike ? colours.yellow : entry.key ? colours.bold : String;
  const [first, ...more] = wrap(entry.headline, width - indent.length);
  const known = [sourced(entry.sourcing, entry.standing, name), ...(entry.key ? ['key event'] : [])].join(' · ');
  return [
    `${row(position, printable(entry.kind), colours.cyan)}${paint(first!)}`,
    ...more.map(line => indent + paint(line)),
    ...underneath(unlike, known, { width, colours }).map(line => indent + line),
  ];
}

/** The modality and the sourcing: on one line if they fit. */
function underneath(unlike: string | undefined, known: string, { width, colours }: Paper): string[] {
  const room = width - indent.length;
  const dim = wrap(known, room).map(colours.dim);
  if (!unlike) return dim;
  const yellow = wrap(unlike, room).map(colours.yellow);
  const fits = unlike.length + 3 + known.length <= room;
  return fits ? [`${yellow[0]} ${colours.dim(`· ${known}`)}`] : [...yellow, ...dim];
}

function actLines(
  position: number,
  act: Change['acts'][number],
  entry: ReadableEntry | undefined,
  { width, colours }: Paper,
): string[] {
  const [name, colour] = names[act.act as ShownEventType] ?? [];
  if (!name || !colour) return [];
  const about = act.condition ? `${act.condition}: ${act.fate}` : entry ? `#${entry.position} ${entry.headline}` : '';
  const [first, ...more] = wrap(about, width - indent.length);
  const struck = act.act === 'DevelopmentRetracted' || act.act === 'DevelopmentSuperseded';
  const paint = struck ? (text: string) => colours.strikethrough(colours.dim(text)) : String;
  return [
    `${row(position, name, colours[colour])}${paint(first!)}`,
    ...more.map(line => indent + paint(line)),
    ...wrap(entry ? whyOf(act, entry) : '', width - indent.length)
      .filter(Boolean)
      .map(line => indent + colours[colour](line)),
  ];
}

/** The reason that readers see; only some acts have one. */
function whyOf({ act }: Change['acts'][number], { corrections, retraction, checks }: ReadableEntry): string {
  const correction = corrections.at(-1);
  if (act === 'DevelopmentCorrected' && correction) return `was wrong: ${correction.wrong} Why: ${correction.reason}`;
  if (act === 'DevelopmentRetracted' && retraction) return `why: ${retraction.reason}`;
  if (act === 'DevelopmentVerified' || act === 'DevelopmentDisputed') return checks.at(-1)?.note ?? '';
  return '';
}

const row = (position: number, what: string, paint: (text: string) => string): string =>
  `${String(position).padStart(5)}  ${paint(what.padEnd(kindWidth - 1))} `;
