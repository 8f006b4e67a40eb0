import type { Role } from '#platform';
import type { Client } from '../harness/client.js';
import type { TestNewsroom } from '../harness/newsroom.js';
import { statement } from '../harness/statement.js';
import { Acting, reason, story } from './acting.js';
import { captures } from './captured.js';
import { illustrated } from './illustrated.js';

const on = (development: string, act: string) => `${story}/developments/${development}/${act}`;
const conditional = (...ids: string[]) => ({
  content: {
    modality: { mode: 'conditional', conditions: ids.map(id => ({ id, text: `${id} comes about` })) },
  },
});

/** Performs every act, in a newsroom with `actsEnv`; resolves to the position of the last commit. */
export async function act(newsroom: TestNewsroom): Promise<number> {
  const it = new Acting();
  // Everybody signs what can be signed.
  const as = async (role: Role, id: string) => (await newsroom.as([role], 0, id)).signing();
  const [ann, ben] = [await as('editor', 'ann'), await as('editor', 'ben')];
  const [lea, rep] = [await as('legal', 'lea'), await as('reporter', 'rep')];

  await it.did(ann, '/actors', { id: 'mayor', name: 'The mayor', kind: 'person', aliases: ['Mayer'] });
  const amended = { name: 'The former mayor', kind: 'person', aliases: ['Mayer'], description: 'Until May.' };
  const answer = await ann.put('/actors/mayor', amended, { key: 'amend-mayor' });
  if (answer.status !== 201) throw new Error(answer.text);
  await it.did(ann, '/stories', { id: 'acts', title: 'Acts', summary: 'All.', zone: 'Europe/Oslo', language: 'en' });

  const first = await it.records(rep, 'First.');
  const second = await it.records(ann, 'Second.', { supersedes: first, key: true });
  const third = await it.records(rep, 'Third, ‮turned‬, 😀, "quoted" <b>& marked</b>.');
  const hanging = await it.records(ann, 'If.', conditional('rain', 'wind'));
  await it.did(ann, `${story}/posting-defaults`, {
    sourcing: { basis: 'official', standing: 'confirmed' },
    modality: { mode: 'planned' },
  });
  const plain = await it.did(rep, `${story}/developments`, { content: { kind: 'update', body: 'The mayor is here.' } });
  const arrival = { kind: 'arrival', data: { actors: ['Mayer'], place: 'Oslo' } };
  await it.did(ann, on(plain.development, 'classify'), arrival);
  await it.did(ann, on(plain.development, 'edit'), { body: 'The mayor, is here.' });
  const page = captures();
  const linking = await it.records(ann, 'See there.', { content: { captures: [page.first] } });
  await it.did(ann, on(linking, 'recapture'), { captures: [page.again] });
  await it.did(ann, on(linking, 'recapture'), { captures: [page.gone] });
  await it.did(ann, on(second, 'retract'), { reason });
  await it.did(ann, on(first, 'supersede'), { by: third });
  await it.did(ann, on(third, 'correct'), { ...statement('Third!'), wrong: 'A point.', reason });
  await it.did(ann, on(third, 'verify'), { note: 'Two heard it.' });
  await it.did(ann, on(third, 'correct'), { ...statement('The third!'), wrong: 'An article.', reason });
  await it.did(ben, on(hanging, 'dispute'), { reason });
  await it.did(ann, on(third, 'pin'));
  await it.did(ann, on(hanging, 'pin'));
  await it.did(ann, on(hanging, 'unpin'));
  await it.did(ann, on(hanging, 'mark-key'));
  await it.did(ann, on(hanging, 'unmark-key'));
  for (const as of ['related', 'follows', 'answers', 'contradicts'])
    await it.did(ann, on(third, 'link'), { to: hanging, as });
  await it.did(ann, on(third, 'unlink'), { to: hanging, as: 'answers' });
  await it.did(ann, `${story}/conditions/rain/settle`, { fate: 'met', reason, development: third });
  await it.did(ann, `${story}/conditions/wind/settle`, { fate: 'lapsed', reason });

  const byHand = await it.records(ann, 'Embargoed.', { embargo: {} });
  const withheld = await it.records(ann, 'Embargoed to the end.', { embargo: { until: '2100-01-01T00:00:00Z' } });
  const hidden = await it.records(ann, 'Embargoed and destroyed.', { embargo: {} });
  const dropped = await it.records(ann, 'Embargoed and retracted.', { embargo: {} });
  await it.did(ann, on(dropped, 'retract'), { reason });
  await it.did(ann, on(byHand, 'embargo'), { until: '2099-01-01T00:00:00+02:00' });
  await it.did(ann, on(byHand, 'verify'), { note: 'Checked before it was told.' });
  await it.did(ann, on(withheld, 'mark-key'));
  await it.did(ann, on(hidden, 'mark-key'));
  await it.did(ann, on(hidden, 'unmark-key'));
  for (const as of ['follows', 'answers']) await it.did(ann, on(withheld, 'link'), { to: third, as });
  await it.did(ann, on(withheld, 'unlink'), { to: third, as: 'answers' });
  await it.did(ann, on(withheld, 'embargo'), { until: '2101-01-01T00:00:00Z' });
  const unseen = { content: { kind: 'update', body: 'The mayor is to leave.' }, embargo: {} };
  const toLift = await it.did(ann, `${story}/developments`, unseen);
  await it.did(ann, on(toLift.development, 'classify'), arrival);
  await it.did(ann, on(toLift.development, 'edit'), { body: 'The mayor, is to leave.' });
  await it.did(ann, on(toLift.development, 'lift'));
  await it.did(ann, on(withheld, 'correct'), { ...statement('Embargoed for long.'), wrong: 'The end.', reason });
  await it.did(ben, on(withheld, 'dispute'), { reason });
  await it.did(ann, on(byHand, 'lift'));
  const soon = new Date(Date.now() + 6_000).toISOString();
  await it.records(ann, 'Lifted by the hour.', { embargo: { until: soon } });
  it.position++;
  await newsroom.seen(it.position);

  await it.did(ann, on(first, 'propose-retraction'), { reason });
  const withdrawn = await it.did(ann, on(third, 'propose-takedown'), { ground: 'privacy', reason });
  await it.did(lea, `${story}/proposals/${withdrawn.commit}/withdraw`, { reason });
  await it.did(lea, `${story}/approvals`, { acts: ['retract'] });
  const wrong = await it.records(rep, 'Wrong.');
  const proposed = await it.did(ann, on(wrong, 'propose-retraction'), { reason });
  await it.did(ben, `${story}/proposals/${proposed.commit}/approve`);

  const loosened = { acts: [], reason };
  const kept = await it.did(lea, `${story}/propose-approvals`, loosened);
  await it.did(ann, `${story}/proposals/${kept.commit}/withdraw`, { reason });
  const fewer = await it.did(lea, `${story}/propose-approvals`, loosened);
  await it.did(ann, `${story}/proposals/${fewer.commit}/approve`);

  const gone = await it.records(rep, 'To be destroyed.', conditional('snow'));
  await it.did(ann, on(gone, 'correct'), { ...statement('To be destroyed!'), wrong: 'A point.', reason });
  await it.did(ann, on(gone, 'pin'));
  await it.did(ann, on(third, 'link'), { to: gone, as: 'contradicts' });
  for (const development of [gone, hidden]) {
    const takedown = await it.did(ann, on(development, 'propose-takedown'), { ground: 'court-order', reason });
    await it.did(lea, `${story}/proposals/${takedown.commit}/approve`);
  }
  await headers(it, newsroom, ann, lea);
  await keyPoints(it, newsroom, ann, lea);
  await entries(it, ann, lea);
  await it.did(ann, `${story}/close`, { reason });
  await it.did(ann, `${story}/reopen`, { reason });
  await end(it, ann);
  await team(it, newsroom, ann);
  await review(it, newsroom, ann);
  await illustrated(it, newsroom, ann, lea);
  return it.position;
}

/** Changes the story's header twice, and takes down the last two versions. */
async function headers(it: Acting, newsroom: TestNewsroom, ann: Client, lea: Client): Promise<void> {
  const more = { zone: 'Europe/Oslo', language: 'en' };
  await it.did(ann, `${story}/amend`, { title: 'Acts and more', summary: 'All of them.', ...more, reason });
  await it.did(ann, `${story}/amend`, { title: 'Every act', starts: '2026-01-01T09:00:00Z', ...more, reason });
  await newsroom.seen(it.position);
  const { body } = await newsroom.readers.get(story);
  const [first, second] = (body.headers as { text: string }[]).map(({ text }) => `${story}/texts/${text}`);
  const kept = await it.did(ann, `${first!}/propose-takedown`, { ground: 'privacy', reason });
  await it.did(lea, `${story}/proposals/${kept.commit}/withdraw`, { reason });
  for (const path of [first!, second!]) {
    const { commit } = await it.did(ann, `${path}/propose-takedown`, { ground: 'court-order', reason });
    await it.did(lea, `${story}/proposals/${commit}/approve`);
  }
}

/** Takes down the entries of two actors, one of them with two versions, and writes one of them again. */
async function entries(it: Acting, ann: Client, lea: Client): Promise<void> {
  await it.did(ann, '/actors', { id: 'deputy', name: 'The deputy', kind: 'person', wikidata: 'Q1' });
  await it.records(ann, 'The deputy has it.', {
    content: { data: { speaker: 'deputy', quote: 'The deputy has it.' } },
  });
  const proposed = (actor: string) => it.did(ann, `/actors/${actor}/propose-takedown`, { ground: 'privacy', reason });
  const { commit: kept } = await proposed('deputy');
  await it.did(lea, `/actors/deputy/proposals/${kept}/withdraw`, { reason });
  for (const actor of ['deputy', 'mayor']) {
    const { commit } = await proposed(actor);
    await it.did(lea, `/actors/${actor}/proposals/${commit}/approve`);
  }
  const again = { name: 'The mayor of then', kind: 'person' };
  const { status, text } = await ann.put('/actors/mayor', again, { key: 'amend-mayor-again' });
  if (status !== 201) throw new Error(text);
}

/** Sets, rewrites, orders and confirms key points; one is struck, and the words of two are taken down, one of them a former point. */
async function keyPoints(it: Acting, newsroom: TestNewsroom, ann: Client, lea: Client): Promise<void> {
  const [held, shaky] = [await it.records(ann, 'A ground.'), await it.records(ann, 'A shaky ground.')];
  const listed = async () => {
    await newsroom.seen(it.position);
    return ((await newsroom.readers.get(story)).body.keyPoints as { text: string }[]).map(({ text }) => text);
  };
  const set = (...points: object[]) => it.did(ann, `${story}/key-points`, { points });
  await set(
    { text: 'It rests on one.', cites: [held] },
    { text: 'It rests on both.', cites: [held, shaky] },
    { text: 'It is to be struck.', cites: [shaky] },
  );
  const [one, both, struck] = (await listed()) as [string, string, string];
  await it.did(ann, on(held, 'correct'), { ...statement('A firm ground.'), wrong: 'A word.', reason });
  await set({ point: struck }, { point: both, checked: true }, { point: one, text: 'It still rests on one.' });
  await it.did(ann, on(shaky, 'retract'), { reason });
  await set({ point: struck }, { point: both, cites: [held] }, { text: 'It is new.', cites: [held] });
  const [, , added] = (await listed()) as [string, string, string];
  for (const text of [one, added]) {
    const path = `${story}/texts/${text}`;
    const { commit } = await it.did(ann, `${path}/propose-takedown`, { ground: 'legal', reason });
    await it.did(lea, `${story}/proposals/${commit}/approve`);
  }
}

/** A story with a team, which changes, and in which each role acts. */
async function team(it: Acting, newsroom: TestNewsroom, ann: Client): Promise<void> {
  const teamed = '/stories/teamed';
  await it.did(ann, '/stories', { id: 'teamed', title: 'Teamed', zone: 'UTC', team: 'own' });
  const as = async (role: Role, id: string) => (await newsroom.as([role], 0, id)).signing();
  const [rep, ed] = [await as('reporter', 'rep'), await as('editor', 'ed')];
  await it.did(ann, `${teamed}/members`, { member: 'rep', role: 'reporter' });
  await it.did(ann, `${teamed}/members`, { member: 'ed', role: 'reporter' });
  await it.did(ann, `${teamed}/members`, { member: 'ed', role: 'editor' });
  const { development } = await it.did(rep, `${teamed}/developments`, statement('In a team.'));
  const path = `${teamed}/developments/${development}`;
  await it.did(rep, `${path}/correct`, { ...statement('In the team.'), wrong: 'An article.', reason });
  await it.did(ed, `${path}/pin`);
  const managing = await as('managing', 'mo');
  await it.did(managing, `${teamed}/members`, { member: 'ben', role: 'chief' });
  await it.did(ann, `${teamed}/remove-member`, { member: 'rep' });
  // A story of the whole newsroom, until it gets a team.
  await it.did(ann, '/stories', { id: 'shared', title: 'Shared', zone: 'UTC', team: 'newsroom' });
  await it.did(rep, '/stories/shared/developments', statement('For everybody.'));
  await it.did(managing, '/stories/shared/members', { member: 'ed', role: 'chief' });
  await it.did(ed, '/stories/shared/developments', statement('For its team.'));
}

/** A story in which reporters submit: approved, sent back and revised, under an embargo afterwards, retracted, and still waiting. */
async function review(it: Acting, newsroom: TestNewsroom, ann: Client): Promise<void> {
  const reviewed = '/stories/reviewed';
  await it.did(ann, '/stories', { id: 'reviewed', title: 'Reviewed', zone: 'UTC' });
  await it.did(ann, `${reviewed}/review`, { reporters: 'submit' });
  const rep = await (await newsroom.as(['reporter'], 0, 'rep')).signing();
  const submit = async (words: string, more: object = {}) => {
    const { development, commit } = await it.did(rep, `${reviewed}/submissions`, { ...statement(words), ...more });
    return { path: `${reviewed}/developments/${development}`, commit };
  };
  const good = await submit('Good as it is.');
  await it.did(ann, `${good.path}/approve-submission`, { commit: good.commit });
  const bad = await submit('Not good yet.');
  await it.did(ann, `${bad.path}/return-submission`, { commit: bad.commit, note: 'Who says so?' });
  const better = await it.did(rep, `${bad.path}/correct`, { ...statement('Good now.'), wrong: 'No source.', reason });
  await it.did(ann, `${bad.path}/approve-submission`, { commit: better.commit });
  for (const embargo of [{}, { until: '2099-01-01T00:00:00.000Z' }]) {
    const later = await submit('Not before they say so.', { embargo });
    await it.did(ann, `${later.path}/approve-submission`, { commit: later.commit });
  }
  const over = await submit('Never mind.');
  await it.did(ann, `${over.path}/retract`, { reason });
  await submit('Still waiting.');
  await it.did(ann, `${reviewed}/review`, { reporters: 'post' });
}

/** A story that was corrected, has no pinned entry any more, and is closed. */
async function end(it: Acting, ann: Client): Promise<void> {
  const ended = '/stories/ended';
  await it.did(ann, '/stories', { id: 'ended', title: 'Ended', zone: 'UTC' });
  const said = statement('If it snows.');
  const content = (id: string) => ({ ...said.content, ...conditional(id).content });
  const { development } = await it.did(ann, `${ended}/developments`, { content: content('snow') });
  const path = `${ended}/developments/${development}`;
  await it.did(ann, `${path}/correct`, { content: content('hail'), wrong: 'The weather.', reason });
  await it.did(ann, `${path}/pin`);
  await it.did(ann, `${path}/unpin`);
  await it.did(ann, `${ended}/close`);
}
