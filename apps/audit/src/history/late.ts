import { interval, type Occurred } from '#domain';
import { perhapsLate, reading, type Occurrence, type Stores } from '#projections';
import { durationText } from './moments.js';
import { occurredText, table, type Line } from './print.js';
import { bounded, moreLines, type HistoryAnswer } from './answer.js';

/** A development, and how late it was recorded. */
export type Late = Occurrence & {
  /** Milliseconds from the last moment at which it can have occurred to its recording. */
  readonly lateMs: number;
};

/** The developments recorded more than `overMs` milliseconds after they occurred, by current knowledge; the latest first. */
export function lateOf(occurrences: readonly Occurrence[], overMs: number): Late[] {
  return occurrences
    .map(row => ({ ...row, lateMs: lateness(row.occurred, row.recorded) }))
    .filter(({ lateMs }) => lateMs > overMs)
    .sort((a, b) => b.lateMs - a.lateMs || a.position - b.position);
}

/** Zero if the end of the occurrence is unknown. */
const lateness = (occurred: Occurred, recorded: string) => Date.parse(recorded) - interval(occurred).to;

/** The late developments of every story. */
export function late(stores: Stores, overMs: number): Promise<HistoryAnswer> {
  return reading(stores, async ({ client, position }) => {
    const { shown: found, more } = bounded(lateOf(await perhapsLate(client, overMs), overMs));
    const none = `Nothing was recorded more than ${durationText(overMs)} after it occurred.`;
    return {
      json: { overMs, position, late: found, more },
      lines: found.length ? [...table(columns, found.map(lateLine)), ...moreLines(more)] : [none],
    };
  });
}

const columns = ['late', 'position', 'recorded', 'occurred', 'by', 'story', 'kind', 'headline'];

const lateLine = ({
  lateMs,
  position,
  recorded,
  occurred,
  by,
  story,
  kind,
  headline,
  development,
  status,
}: Late): Line => ({
  cells: [durationText(lateMs), position, recorded, occurredText(occurred), by.name ?? by.id, story, kind, headline],
  below: [`development ${development}${status === 'active' ? '' : `, ${status} since`}`],
});
