import { Map as Dictionary } from 'immutable';

/** Kafka headers as text; one that occurs twice in a record is left out, as if it were not there. */
export type Headers = Readonly<Record<string, string | undefined>>;

export interface Head {
  readonly id: string;
  readonly seq: number;
}

/** What it takes to tell winners from void records; the same for every reader of the same log. */
export interface Arbitration {
  /** The log's id, once its first commit has won. */
  readonly genesis?: string;
  /** How many commits have won. */
  readonly position: number;
  readonly heads: Dictionary<string, Head>;
}

export type Verdict =
  | {
      readonly won: true;
      readonly stream: string;
      readonly id: string;
      readonly seq: number;
      readonly position: number;
    }
  | { readonly won: false };

/** The parent of a log's first commit: there is nothing before it. */
export const root = '0'.repeat(64);
export const logStream = 'log';
export const emptyLog: Arbitration = { position: 0, heads: Dictionary() };

const commitId = /^[0-9a-f]{64}$/;
const lost: Verdict = { won: false };

/** The commit that the stream's next one must name as its parent; an empty stream hangs on the log's first commit. */
export function headOf(state: Arbitration, stream: string): Head {
  return state.heads.get(stream) ?? { id: state.genesis ?? root, seq: 0 };
}

/**
 * The one rule: a record wins if and only if its `parent` is the head of its stream; every other record is void.
 * Total, and reads headers only, so that a payload nobody can read arbitrates the same everywhere.
 */
export function arbitrate(state: Arbitration, headers: Headers): [Arbitration, Verdict] {
  const { ce_id: id, ce_subject: stream, ce_parent: parent } = headers;
  if (!id || !commitId.test(id) || !stream || id === parent) return [state, lost];
  if (!state.genesis && stream !== logStream) return [state, lost];
  const head = headOf(state, stream);
  if (parent !== head.id) return [state, lost];
  const won = { won: true, stream, id, seq: head.seq + 1, position: state.position + 1 } as const;
  const next = {
    genesis: state.genesis ?? id,
    position: won.position,
    heads: state.heads.set(stream, { id, seq: won.seq }),
  };
  return [next, won];
}
