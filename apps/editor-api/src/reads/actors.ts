import type { DeskActors } from '#contract';
import { actorStream, approverOf, declinersOf, type ActorProfile, type ActorProposal } from '#domain';
import { KeyStoreError, openPayload, type Keys, type KeyStore } from '#keys';
import type { WriteModel } from '../commands/write-model.js';

type DeskActor = DeskActors['actors'][number];

/** Adds to entries whether they were taken down, and the open proposals to do so. Without the key store no reason is shown. */
export async function withTakedowns(
  { actors }: WriteModel,
  store: Pick<KeyStore, 'keysOf'>,
  entries: readonly (ActorProfile & { readonly id: string })[],
): Promise<DeskActor[]> {
  const states = entries.map(({ id }) => actors.get(id));
  const texts = states.flatMap(state => (state?.proposal ? [state.proposal.text] : []));
  const keys = texts.length > 0 ? await keysOf(store, texts) : new Map();
  return entries.map((entry, at): DeskActor => {
    const state = states[at];
    return {
      ...entry,
      ...(state && 'gone' in state && { takenDown: true as const }),
      ...(state?.proposal && { proposal: shown(entry.id, state.proposal, keys) }),
    };
  });
}

async function keysOf(store: Pick<KeyStore, 'keysOf'>, texts: readonly string[]): Promise<Keys> {
  try {
    return await store.keysOf(texts);
  } catch (error) {
    if (error instanceof KeyStoreError) return new Map();
    throw error;
  }
}

function shown(actor: string, held: ActorProposal, keys: Keys): DeskActor['proposal'] {
  const { id: proposal, text, told, ground, by, as, recorded } = held;
  const key = keys.get(text);
  const about = { text, told: told as string };
  const reason = key ? (openPayload(actorStream(actor), 'ActorTakedownProposed', about, key)?.reason ?? null) : null;
  return { proposal, ground, by, as, recorded, reason, needs: approverOf(held), declines: [...declinersOf()] };
}
