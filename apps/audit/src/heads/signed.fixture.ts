import { LogTree, signerOf, signHead, type SigningJwk } from '#bundle';
import type { NewRecord } from '#event-log';

/** Lines of heads as the projector signs them while a log of these commits grows to each of these positions. */
export async function headsOf(
  commits: readonly Pick<NewRecord, 'headers' | 'value'>[],
  positions: readonly number[],
  by: SigningJwk,
): Promise<string> {
  const [signer, tree] = [await signerOf(by), new LogTree()];
  const lines: string[] = [];
  for (const [i, record] of commits.entries()) {
    tree.append({ ...record, position: i + 1 });
    if (!positions.includes(i + 1)) continue;
    const head = { log: tree.log!, position: i + 1, root: tree.root(), time: '2026-01-01T14:00:00.000Z' };
    lines.push(`${await signHead(signer, head)}\n`);
  }
  return lines.join('');
}
