// The rule of docs, written apart from the product: a record wins if its parent is the head of its stream.
interface Found {
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** A record that won. */
export interface Winner {
  readonly offset: number;
  readonly position: number;
  readonly id: string;
  readonly stream: string;
  readonly seq: number;
  readonly command: string;
}

const textsOf = ({ ce_id: id = '', ce_subject: stream = '', ce_command: command = '' }: Found['headers']) =>
  [id, stream, command] as const;

/** The records of a log that won, in order. */
export function winnersOf(records: readonly Found[]): Winner[] {
  const heads = new Map<string, { readonly id: string; readonly seq: number }>();
  const winners: Winner[] = [];
  for (const [offset, { headers }] of records.entries()) {
    const { ce_parent: parent } = headers;
    const [id, stream, command] = textsOf(headers);
    if (!/^[0-9a-f]{64}$/.test(id) || stream === '' || id === parent) continue;
    const genesis = winners[0]?.id;
    if (!genesis && stream !== 'log') continue;
    const before = heads.get(stream) ?? { id: genesis ?? '0'.repeat(64), seq: 0 };
    if (parent !== before.id) continue;
    const seq = before.seq + 1;
    heads.set(stream, { id, seq });
    winners.push({ offset, position: winners.length + 1, id, stream, seq, command });
  }
  return winners;
}

/** The head of each stream. */
export const headsOf = (records: readonly Found[]): Map<string, string> =>
  new Map(winnersOf(records).map(({ stream, id }) => [stream, id]));
