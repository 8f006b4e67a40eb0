import { openDraftKeys, type KeySettings } from '#keys';
import { openPool } from '#postgres';
import type { WriteModel } from '../commands/write-model.js';
import { Drafts } from '../drafts/drafts.js';
import { DraftStore } from '../drafts/store.js';
import { PresenceStore } from './store.js';
import { DeskWatch } from './watch.js';

/** The most connections that drafts and presence take. */
const connections = 2;

/** Opens what the desks of a story share beside the log: drafts and presence. `view`: the log, which ends drafts. */
export function openDeskWatch(settings: KeySettings, view: () => WriteModel): DeskWatch {
  const pool = openPool(settings.DATABASE_URL, { application: 'drafts', max: connections, statementTimeout: 5_000 });
  const keys = openDraftKeys(settings);
  return new DeskWatch(pool, new PresenceStore(pool), new Drafts(new DraftStore(pool), keys), view, () => keys.close());
}
