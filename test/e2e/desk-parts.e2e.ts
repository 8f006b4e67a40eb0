import { afterAll, beforeAll } from '@jest/globals';
import { deskActorTakedown } from '../desk/parts/actor-takedown.js';
import { deskActs } from '../desk/parts/acts.js';
import { deskByline } from '../desk/parts/byline.js';
import { deskDrafts } from '../desk/parts/drafts.js';
import { deskEdits } from '../desk/parts/edits.js';
import { deskEmbargo } from '../desk/parts/embargo.js';
import { deskHeadlines } from '../desk/parts/headlines.js';
import { deskNewcomer } from '../desk/parts/newcomer.js';
import { deskPending } from '../desk/parts/pending.js';
import { deskPressure } from '../desk/parts/pressure.js';
import type { DeskNewsroom } from '../desk/parts/shared.js';
import { deskSigned } from '../desk/parts/signed.js';
import { deskSubmissions } from '../desk/parts/submissions.js';
import { deskTeam } from '../desk/parts/team.js';
import { deskTwoPeople } from '../desk/parts/two-people.js';
import { deskUpdate } from '../desk/parts/update.js';
import { describeInBrowser, launch } from '../harness/browser.js';
import { Line } from '../harness/line.js';
import { TestNewsroom } from '../harness/newsroom.js';

// Each part has its own stories. To start a newsroom and a browser for each would take longer than the tests.
describeInBrowser('parts of the desk', () => {
  const shared = {} as DeskNewsroom;
  beforeAll(async () => {
    const keys = await Line.to(process.env.DATABASE_URL!);
    shared.keys = keys;
    shared.newsroom = await TestNewsroom.open({
      desk: true,
      env: database => ({ KEY_STORE: Object.assign(new URL(database), { port: new URL(keys.url).port }).href }),
    });
    shared.browser = await launch();
  });
  afterAll(async () => {
    await shared.browser?.close();
    await shared.newsroom?.close();
    await shared.keys?.cut();
  });

  const parts = [
    deskUpdate,
    deskPressure,
    // Before the parts that put forged records into the log, which verify finds.
    deskSigned,
    deskEdits,
    deskByline,
    deskHeadlines,
    deskActorTakedown,
    deskEmbargo,
    deskTwoPeople,
    deskTeam,
    deskActs,
    deskDrafts,
    deskSubmissions,
    deskPending,
    deskNewcomer,
  ];
  for (const part of parts) part(shared);
});
