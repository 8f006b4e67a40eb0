import { devToken, type SettingsOf, type TokenSettings } from '#platform';
import type { schemas } from './settings.js';

type DevSettings = TokenSettings & Pick<SettingsOf<typeof schemas>, 'NODE_ENV'>;

/**
 * Addresses that sign somebody in with a token of the local key, and a first command, each a line. None where the local
 * key does not count, and none in production: what a process prints is kept, and read by more people than may take
 * something down.
 */
export async function devSignIn(settings: DevSettings, url: string): Promise<string[]> {
  if (settings.AUTH !== 'dev' || settings.NODE_ENV === 'production') return [];
  const token = await devToken(settings, { id: 'dev-editor', name: 'Local editor', roles: ['editor'] });
  const second = await devToken(settings, { id: 'dev-legal', name: 'Local lawyer', roles: ['legal'] });
  const profile = JSON.stringify({ id: 'my-first-story', title: 'My first story', zone: 'Europe/Berlin' });
  // After the #, a browser keeps it to itself: no server and no log sees the token.
  return [
    `${url}/desk#token=${token}`,
    `${url}/desk#token=${second} (the lawyer’s, for acts that need two people)`,
    `curl -X POST ${url}/stories -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d '${profile}'`,
  ];
}
