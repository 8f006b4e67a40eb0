import { devToken, type SettingsOf, type TokenSettings } from '#platform';
import type { schemas } from './settings.js';

type DevSettings = TokenSettings & Pick<SettingsOf<typeof schemas>, 'NODE_ENV'>;

/**
 * Lines to print: addresses that sign a developer in with a token of the local key, and a first command. Empty where the local key is not
 * accepted, and in production: logs are kept, and more people read them than may take text down.
 */
export async function devSignIn(settings: DevSettings, url: string): Promise<string[]> {
  if (settings.AUTH !== 'dev' || settings.NODE_ENV === 'production') return [];
  const token = await devToken(settings, { id: 'dev-editor', name: 'Local editor', roles: ['editor'] });
  const second = await devToken(settings, { id: 'dev-legal', name: 'Local lawyer', roles: ['legal'] });
  const profile = JSON.stringify({ id: 'my-first-story', title: 'My first story', zone: 'Europe/Berlin' });
  // A browser does not send the part after the #, so no server and no log sees the token.
  return [
    `${url}/desk#token=${token}`,
    `${url}/desk#token=${second} (the lawyer’s, for acts that need two people)`,
    `curl -X POST ${url}/stories -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d '${profile}'`,
  ];
}
