import { headFaults } from '#bundle';
import { wrongRecords } from '../strange.js';

/** Every way in which a log or what was made of it fails to be what it should. The code is for ever. */
export const faults = {
  ...wrongRecords,
  'not-allowed': 'No decision gives these events on the state before them.',
  'not-resolved': 'It names an actor that was not registered before, or is not as it would have entered the log.',
  'sealed-unreadable': 'What it tells cannot be opened, though it was not shredded, or is not what its outline says.',
  'key-not-destroyed':
    'The key store still has the key of what the log says was taken down, and the tables have taken down.',
  'key-lost':
    'The key of a development was destroyed, and the log does not say that it was taken down: nobody can read its words.',
  'log-ends-early': 'The tables hold commits that the log no longer has: its tail was cut.',
  'row-differs': 'A row is not what the log says.',
  'row-missing': 'The table lacks a row that the log gives.',
  'row-added': 'The table has a row that the log does not give.',
  ...headFaults,
} as const;
export type FaultCode = keyof typeof faults;

/** A row of a live table, or where it should be. Without a column the whole row is missing or was added. */
export interface RowAt {
  readonly table: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly column: string | null;
  /** What the log says, and what the table says; null where that is nothing. */
  readonly log: unknown;
  readonly live: unknown;
}

/** One thing that is wrong, and where it stands: nulls where no commit can be told. */
export interface Fault {
  readonly code: FaultCode;
  readonly stream: string | null;
  readonly seq: number | null;
  readonly position: number | null;
  readonly detail: string;
  readonly row: RowAt | null;
}
