import { headFaults } from '#bundle';
import { signatureFaults } from '#signatures';
import { fileFaults } from '../blobs/check.js';
import { wrongRecords } from '../strange.js';

/** Every way in which a log or its tables can be wrong. A code never changes. */
export const faults = {
  ...wrongRecords,
  'not-allowed': 'No decision yields these events from the state before them.',
  'not-in-team': 'Its author was not in the story’s team then, or had a role there that does not allow this.',
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
  ...fileFaults,
  ...headFaults,
  ...signatureFaults,
} as const;
/** The code of a fault. */
export type FaultCode = keyof typeof faults;

/** The place of a row in a live table. Without a column the whole row is missing or was added. */
export interface RowAt {
  readonly table: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly column: string | null;
  /** The values that follow from the log and that the table holds; null for none. */
  readonly log: unknown;
  readonly live: unknown;
}

/** A fault and its place. The place's fields are null if no commit is known. */
export interface Fault {
  readonly code: FaultCode;
  readonly stream: string | null;
  readonly seq: number | null;
  readonly position: number | null;
  readonly detail: string;
  readonly row: RowAt | null;
}
