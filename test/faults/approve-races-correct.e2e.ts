import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Answer, Client } from '../harness/client.js';
import { audit, succeeds } from '../harness/audit.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { statement } from '../pages/posting.js';

const races = 30;
const story = '/stories/reviewed';

let newsroom: TestNewsroom;
let [rita, ann]: Client[] = [];
beforeAll(async () => {
  newsroom = await TestNewsroom.open({ editors: 2 });
  // Each at another process.
  [rita, ann] = [await newsroom.as(['reporter'], 0, 'rita'), await newsroom.as(['editor'], 1, 'ann')];
  await ann!.post('/stories', { id: 'reviewed', title: 'Reviewed', zone: 'UTC' });
  await ann!.post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person' });
  await ann!.post(`${story}/review`, { reporters: 'submit' });
});
afterAll(() => newsroom?.close());

/** A submission, and at the same moment its approval at one process and its author's correction at another. */
async function race(number: number): Promise<{ path: string; approved: Answer; corrected: Answer }> {
  const submitted = await rita!.post(`${story}/submissions`, { content: statement('mayor', `Before ${number}`) });
  expect(submitted.status).toBe(201);
  const { commit, development } = submitted.body;
  const path = `${story}/developments/${development}`;
  const content = statement('mayor', `After ${number}`);
  const [approved, corrected] = await Promise.all([
    ann!.post(`${path}/approve-submission`, { commit }),
    rita!.post(`${path}/correct`, { content, wrong: 'The words.', reason: 'Asked again.' }),
  ]);
  return { path, approved, corrected };
}

test(`of ${races} approvals and corrections that race at two processes one wins each time, and readers see what was approved`, async () => {
  const won = { approval: 0, correction: 0 };
  const shown: string[] = [];
  for (let number = 0; number < races; number++) {
    const { path, approved, corrected } = await race(number);
    const outcome = [approved.status, corrected.status];
    if (approved.status === 201) {
      won.approval++;
      shown.push(`Before ${number}`);
      // What is approved is no longer its reporter's to change.
      expect([number, outcome, corrected.body.code]).toEqual([number, [201, 403], 'role-needed']);
    } else {
      won.correction++;
      expect([number, outcome, approved.body.code]).toEqual([number, [409, 201], 'submission-changed']);
      // The refusal names the winner.
      expect(approved.body.errors).toMatchObject([{ field: 'commit', allowed: [corrected.body.commit] }]);
      const { commit } = corrected.body;
      if (number % 2) {
        expect((await ann!.post(`${path}/approve-submission`, { commit })).status).toBe(201);
        shown.push(`After ${number}`);
      }
    }
  }
  console.log(`approve races correct: ${won.approval} approvals and ${won.correction} corrections won`);
  const { body } = await ann!.get(story);
  await newsroom.seen(body.position);
  const { entries } = (await newsroom.readers.get('/stories/reviewed/timeline?limit=100')).body;
  const quotes = entries.map(({ data }: { data: { quote: string } }) => data.quote);
  expect(quotes.sort()).toEqual(shown.sort());
  await succeeds(audit(newsroom, 'verify'));
}, 120_000);
