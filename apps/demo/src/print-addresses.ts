import { pathTo } from '#client';
import type { Paper } from './print-change.js';
import type { Addresses, SignIn } from './sign-in.js';

/** The addresses, for a person who wants to continue by hand. */
export function addressLines(addresses: Addresses, signIn: SignIn, { colours }: Paper): string[] {
  const { editor, reader, story, logs, data } = addresses;
  const line = (what: string, where: string) => `  ${colours.cyan(what.padEnd(18))}${where}`;
  return [
    line('the desk', `${editor}/desk; to sign in, open the file ${signIn.desk} in a browser`),
    line('the lawyer’s desk', `open the file ${signIn.lawyersDesk}`),
    line('readers’ page', reader + pathTo('s', story)),
    line('time machine', reader + pathTo('s', story, 'history')),
    line('timeline', reader + pathTo('stories', story, 'timeline')),
    line('actors', reader + pathTo('stories', story, 'actors')),
    line('live', `curl -N '${reader}${pathTo('stories', story, 'live')}?after=0'`),
    line('readers’ API', `${reader}/docs`),
    line('editors’ API', `${editor}/docs`),
    line('logs', logs),
    line('data', data),
    '',
    'To post and audit by hand, in another terminal in this folder (the tokens are valid for twelve hours):',
    '',
    `  source ${signIn.env}`,
    '',
    'README.md continues from there, under “The first curl”.',
  ];
}
