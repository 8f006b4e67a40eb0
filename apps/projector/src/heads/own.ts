import { fingerprintOf, openHead, type SignedHead, type Signer } from '#bundle';
import type { HeadSink } from './sink.js';

/**
 * The furthest head of each log that this key signed, or none if `signal` was aborted. A head's root covers every commit before it, so
 * earlier heads need not be kept, and memory does not grow with their number.
 */
export async function ownHeads(
  sink: HeadSink,
  { kid }: Pick<Signer, 'kid'>,
  signal: AbortSignal,
): Promise<SignedHead[]> {
  const signer = fingerprintOf(kid);
  let own: SignedHead[] = [];
  for await (const line of sink.known(signal)) {
    if (signal.aborted) return [];
    const head = await openHead(line).catch(() => undefined);
    if (head?.fingerprint === signer) own = withHead(own, head);
  }
  return own;
}

/** Two heads of the furthest position are both kept if their roots differ. */
function withHead(own: SignedHead[], head: SignedHead): SignedHead[] {
  const ofLog = own.filter(({ log }) => log === head.log);
  if (
    ofLog.some(({ position, root }) => position > head.position || (position === head.position && root === head.root))
  )
    return own;
  return [...own.filter(({ log, position }) => log !== head.log || position === head.position), head];
}
