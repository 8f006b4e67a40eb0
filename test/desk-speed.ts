// `npm run desk:speed`: types ten updates at the desk, at a steady rate, and prints the keys and the seconds of each.
import { provision } from '#dev-servers';
import { launch, missing } from './harness/browser-page.js';
import { sitDown } from './harness/desk-page.js';
import { TestNewsroom } from './harness/newsroom.js';
import { readOptions } from './options.js';
import { tenUpdates } from './desk/ten-updates.js';
import { typeUpdate, type Typed } from './desk/typing.js';

const usage = `npm run desk:speed                type ten updates at the desk; print a table of keys and seconds
npm run desk:speed -- --ms N      N milliseconds from key to key (default: 120)
npm run desk:speed -- --help      print this help

It needs a Chromium: CHROMIUM names one, and on Debian root installs it.`;
const { values } = readOptions(usage, { ms: { type: 'string' } });
const delay = Number(values.ms ?? 120);
if (!Number.isInteger(delay) || delay < 0) {
  console.error(`--ms must be a whole number from 0.\n\n${usage}`);
  process.exit(2);
}
if (missing) {
  console.error(missing);
  process.exit(1);
}

const story = 'ten-updates';
const seconds = (value: number) => value.toFixed(1);

async function measure(): Promise<readonly Typed[]> {
  const newsroom = await TestNewsroom.open({ desk: true });
  const browser = await launch();
  try {
    const editor = await newsroom.as(['editor']);
    await editor.post('/stories', { id: story, title: 'A long day', zone: 'Europe/Berlin', language: 'en' });
    const { page } = await sitDown(browser, newsroom, story, 'ada');
    const measured: Typed[] = [];
    for (const text of tenUpdates) measured.push(await typeUpdate(page, text, delay));
    return measured;
  } finally {
    await browser.close();
    await newsroom.close();
  }
}

/** The table for docs/desk.md. */
function table(measured: readonly Typed[]): string {
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const lines = measured.map(({ keys, posted, seen }, index) => {
    const text = tenUpdates[index]!;
    const after = posted - (text.length * delay) / 1_000;
    return row([text.replaceAll('|', '\\|'), text.length, keys, seconds(posted), seconds(after), seconds(seen)]);
  });
  return [
    row(['update', 'its letters', 'keys', 's to “posted”', 's beside the typing', 's to “published”']),
    row(['---', '---:', '---:', '---:', '---:', '---:']),
    ...lines,
  ].join('\n');
}

const services = await provision({ dataDir: '.dateline/desk-speed', keep: false, report: line => console.log(line) });
try {
  Object.assign(process.env, { KAFKA_BROKERS: services.kafkaBrokers, DATABASE_URL: services.databaseUrl });
  console.log(`\n${delay} ms from key to key; Ctrl+Enter is one key\n\n${table(await measure())}`);
} finally {
  await services.stop();
}
