import { Dateline, liveTimeline } from '#client';

const { READERS = 'http://127.0.0.1:4801' } = process.env;
const [story = 'my-first-story', address = READERS] = process.argv.slice(2);
const api = new Dateline(address);
const { title } = await api.story(story);
console.log(title);

for await (const { timeline, change, connected } of liveTimeline(api, story)) {
  if (!change) console.log(connected ? '(connected)' : `(at ${timeline.position})`);
  for (const { headline, status, corrections } of change?.entries ?? []) {
    if (status === 'taken-down') console.log('- taken down');
    else if (status === 'retracted') console.log(`- retracted: ${headline}`);
    else if (corrections.length > 0) console.log(`~ corrected: ${headline}`);
    else console.log(`+ ${headline}`);
  }
}
