import { interval, type Occurred } from '#domain';
import { perhapsLate, reading, type Occurrence, type Stores } from '#projections';
import { durationText } from './moments.js';
import { occurredText, table, type Line } from './print.js';
import { bounded, moreLines, type HistoryAnswer } from './answer.js';

export type Late = Occurrence & {
  /** Milliseconds from the last moment that it can have occurred to its recording. */
  readonly lateMs: number;
};

/** What was recorded later than `overMs` after it had occurred, as is known by now; the latest first. */
export function lateOf(told: readonly Occurrence[], overMs: number): Late[] {
  return told
    .map(row => ({ ...row, lateMs: lateness(row.occurred, row.recorded) }))
    .filter(({ lateMs }) => lateMs > overMs)
    .sort((a, b) => b.lateMs - a.lateMs || a.position - b.position);
}

/** Not late, where it is not known by when it was over. */
const lateness = (occurred: Occurred, recorded: string) => Date.parse(recorded) - interval(occurred).to;

/** The same, of every story. */
export function late(stores: Stores, overMs: number): Promise<HistoryAnswer> {
  return reading(stores, async ({ client, position }) => {
    const { told: found, more } = bounded(lateOf(await perhapsLate(client, overMs), overMs));
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
