import type { Paper } from './print-change.js';

export interface Addresses {
  readonly editor: string;
  readonly reader: string;
  readonly story: string;
  readonly token: string;
  /** The token of the second person that a takedown takes. */
  readonly lawyer: string;
  readonly kafkaBrokers: string;
  readonly databaseUrl: string;
  readonly topic: string;
  readonly logs: string;
  readonly data: string;
}

/** Where everything is, for somebody who wants to go on by hand. */
export function addressLines(addresses: Addresses, { colours }: Paper): string[] {
  const { editor, reader, story, token, lawyer, logs, data, kafkaBrokers, databaseUrl, topic } = addresses;
  const line = (what: string, where: string) => `  ${colours.cyan(what.padEnd(18))}${where}`;
  const profile = JSON.stringify({ id: 'my-first-story', title: 'My first story', zone: 'Europe/Berlin' });
  return [
    line('the desk', `${editor}/desk/${story}#token=${token}`),
    line('the lawyer’s desk', `${editor}/desk/${story}#token=${lawyer}`),
    line('readers’ page', `${reader}/s/${story}`),
    line('time machine', `${reader}/s/${story}/history`),
    line('timeline', `${reader}/stories/${story}/timeline`),
    line('actors', `${reader}/stories/${story}/actors`),
    line('live', `curl -N '${reader}/stories/${story}/live?after=0'`),
    line('readers’ API', `${reader}/docs`),
    line('editors’ API', `${editor}/docs`),
    line('logs', logs),
    line('data', data),
    '',
    'To post and to audit by hand, paste this into another terminal (the tokens are for this machine and twelve hours):',
    '',
    `EDITORS=${editor} READERS=${reader} TOKEN=${token} LAWYER=${lawyer}`,
    `export KAFKA_BROKERS=${kafkaBrokers} DATABASE_URL='${databaseUrl}' LOG_TOPIC=${topic}`,
    `curl -w '\\n' -X POST $EDITORS/stories -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '${profile}'`,
    '',
    'README.md goes on from there, under “The first curl”.',
  ];
}
