import { headFaults } from '#bundle';
import { wrongRecords } from '../strange.js';

/** Every way in which a log or what was made of it fails to be what it should. The code is for ever. */
export const faults = {
  ...wrongRecords,
  'not-allowed': 'No decision yields these events from the state before them.',
  'not-resolved':
    'It names an actor that was not registered before, or its content lacks resolved names or a headline.',
  'sealed-unreadable':
    'Its sealed payload cannot be decrypted although nobody destroyed its key, or does not match its public metadata.',
  'key-not-destroyed':
    'The key store still has the key of a development that the log and the tables show as taken down.',
  'key-lost': 'The key of a development was destroyed, but the log has no takedown of it: nobody can read its text.',
  'log-ends-early': 'The tables hold commits that the log no longer has: the log’s tail was cut.',
  'row-differs': 'A row differs from the log.',
  'row-missing': 'The table lacks a row that follows from the log.',
  'row-added': 'The table has a row that does not follow from the log.',
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
