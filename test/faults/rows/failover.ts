import { riskOfKeys } from '#keys';
import { makeRoles, passwordsUnder } from '#postgres';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { signedInAs } from '../../harness/roles.js';
import type { Found, Report, Row } from '../row.js';
import { Random } from '../simulator/random.js';
import { FailingOver } from '../standby.js';
import { supervise } from '../slot.js';
import { Storm } from '../storm.js';

/** How long the standby gets nothing before it takes over. */
const lagMs = 4_000;
const backWithinMs = 60_000;

const positionOf = async (storm: Storm) => {
  const { rows } = await storm.newsroom.onDatabase(client =>
    client.query<{ position: number }>('select position from dateline.build where live'),
  );
  return rows[0]?.position ?? 0;
};

async function underLoad(servers: FailingOver, folder: string, tries: number, report: Report): Promise<Found> {
  const { databaseUrl } = servers;
  Object.assign(process.env, { DATABASE_URL: databaseUrl, TEST_ROLES: 'made' });
  await makeRoles(databaseUrl, passwordsUnder(databaseUrl));
  // Nothing brings keys back that are lost with a server, so they are not in it.
  const env = {
    KEY_STORE: pathToFileURL(join(folder, 'keys')).href,
  };
  // Drafts are in Postgres alone: what the standby has not got of them is lost.
  const storm = await Storm.open(report.seed, { env, without: ['drafts'], supervised: true });
  const over = new AbortController();
  const starts = supervise(storm.slots, over.signal);
  const { violations } = report;
  let back = 0;
  try {
    const found = await storm.during(async () => {
      let ran = 0;
      for (; ran < tries && !report.signal.aborted; ran++) {
        await servers.addStandby();
        // What an editor-api would say at its start if the keys were in this server.
        const risk = await riskOfKeys({ DATABASE_URL: signedInAs('editor-api', databaseUrl) });
        if (!risk) violations.push('an editor-api would not say that its keys may be lost');
        await sleep(storm.random.between(1_000, 3_000));
        servers.cutOff();
        await sleep(lagMs);
        const before = await positionOf(storm);
        await servers.failOver();
        const after = await positionOf(storm);
        back += Math.max(0, before - after);
        report.line(`${ran + 1} of ${tries}: the tables went back from position ${before} to ${after} or earlier`);
        if (!(await storm.areReadersBack(backWithinMs)))
          violations.push(`readers were late after fail-over ${ran + 1}`);
        await storm.checkSlots(`fail-over ${ran + 1}`);
      }
      over.abort();
      await starts;
      return ran;
    }, report);
    const figures = { 'positions that the tables went back': back, 'processes started again': await starts };
    return { ...found, violations: [...violations, ...found.violations], figures: { ...figures, ...found.figures } };
  } finally {
    over.abort();
    await starts;
    await storm.close();
  }
}

export const failover: Row = {
  name: 'failover',
  fault: `Postgres killed, and a standby that had got nothing for ${lagMs / 1_000} s promoted in its place, under load with keys and retries; keys in a folder`,
  invariant:
    'each acknowledged post is in the log once, where its author was told; each command gets a final answer; posted pictures are there; nothing under embargo reaches readers; the projector goes on from where the tables are; streams have no gap and nothing twice; readers are up to date; verify says EQUAL',
  unit: 'time',
  // Where the other projector takes the lead, a fault in the one that led before does not show.
  short: 3,
  long: 5,
  needsServers: true,
  run: async (tries, report): Promise<Found> => {
    const folder = mkdtempSync(join(tmpdir(), 'dateline-failover-'));
    chmodSync(folder, 0o711);
    const before = { ...process.env };
    const servers = await FailingOver.open(folder, new Random(report.seed), text => report.line(text));
    try {
      return await underLoad(servers, folder, tries, report);
    } finally {
      process.env = before;
      await servers.close();
    }
  },
};
