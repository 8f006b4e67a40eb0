import type { Paper } from './print-change.js';

export interface Addresses {
  readonly editor: string;
  readonly reader: string;
  readonly story: string;
  readonly token: string;
  readonly logs: string;
  readonly data: string;
}

/** Where everything is, for somebody who wants to go on by hand. */
export function addressLines({ editor, reader, story, token, logs, data }: Addresses, { colours }: Paper): string[] {
  const line = (what: string, where: string) => `  ${colours.cyan(what.padEnd(18))}${where}`;
  const profile = JSON.stringify({ id: 'my-first-story', title: 'My first story', zone: 'Europe/Berlin' });
  return [
    line('timeline', `${reader}/stories/${story}/timeline`),
    line('actors', `${reader}/stories/${story}/actors`),
    line('live', `curl -N '${reader}/stories/${story}/live?after=0'`),
    line('readers’ API', `${reader}/docs`),
    line('editors’ API', `${editor}/docs`),
    line('logs', logs),
    line('data', data),
    '',
    'Open a story of your own (the token is for this machine and twelve hours):',
    '',
    `curl -X POST ${editor}/stories -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d '${profile}'`,
  ];
}
