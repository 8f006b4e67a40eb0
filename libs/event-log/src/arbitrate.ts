import { Map as Dictionary } from 'immutable';

/** Kafka headers as text. A header that occurs twice in a record is treated as absent. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** The last commit of a stream: its id and sequence number. */
export interface Head {
  readonly id: string;
  readonly seq: number;
}

/** The heads of streams. Immutable: a change gives another value. */
export interface Heads {
  get(stream: string): Head | undefined;
  set(stream: string, head: Head): Heads;
}

/** The state that decides which records win. Every reader of the same log computes the same state. `Kept`: the type that holds its heads. */
export interface Arbitration<Kept extends Heads = Dictionary<string, Head>> {
  /** The log's id, once its first commit has won. */
  readonly genesis?: string;
  /** The number of winning commits. */
  readonly position: number;
  readonly heads: Kept;
}

/** The outcome of one record: won, with its place, or void. */
export type Verdict =
  | {
      readonly won: true;
      readonly stream: string;
      readonly id: string;
      readonly seq: number;
      readonly position: number;
    }
  | { readonly won: false };

/** The parent of a log's first commit, which follows no other. */
export const root = '0'.repeat(64);
/** The stream of the log's first commit. */
export const logStream = 'log';
/** The state before the first record. */
export const emptyLog: Arbitration = { position: 0, heads: Dictionary() };

const commitId = /^[0-9a-f]{64}$/;
const lost: Verdict = { won: false };

/** The commit that the next one of the stream must name as its parent; for an empty stream, the log's first commit. */
export function headOf(state: Arbitration<Heads>, stream: string): Head {
  return state.heads.get(stream) ?? { id: state.genesis ?? root, seq: 0 };
}

/**
 * The one rule: a record wins if and only if its `parent` is the head of its stream; every other record is void. Total, and reads only
 * headers, so that every reader agrees even about a payload it cannot read.
 */
export function arbitrate<Kept extends Heads>(
  state: Arbitration<Kept>,
  headers: Headers,
): [Arbitration<Kept>, Verdict] {
  const { ce_id: id, ce_subject: stream, ce_parent: parent } = headers;
  if (!id || !commitId.test(id) || !stream || id === parent) return [state, lost];
  if (!state.genesis && stream !== logStream) return [state, lost];
  const head = headOf(state, stream);
  if (parent !== head.id) return [state, lost];
  const won = { won: true, stream, id, seq: head.seq + 1, position: state.position + 1 } as const;
  const next = {
    genesis: state.genesis ?? id,
    position: won.position,
    heads: state.heads.set(stream, { id, seq: won.seq }) as Kept,
  };
  return [next, won];
}
