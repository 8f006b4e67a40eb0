import { Dateline, liveTimeline } from '#client';

const { READERS = 'http://127.0.0.1:4801' } = process.env;
const [story = 'my-first-story', address = READERS] = process.argv.slice(2);
const api = new Dateline(address);
const { title } = await api.story(story);
console.log(title);

for await (const { timeline, change, connected } of liveTimeline(api, story)) {
  if (!change) console.log(connected ? '(connected)' : `(at ${timeline.position})`);
  // An entry's `title` is its headline with what keeps it from being a plain fact: "Denied: …", "Retracted: …".
  for (const entry of change?.entries ?? []) console.log(entry.status === 'active' ? '+' : '-', entry.title);
}
