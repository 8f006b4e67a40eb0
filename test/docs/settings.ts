import { isSecret, type Schemas } from '#platform';
import { z } from 'zod';
import { schemas as audit } from '../../apps/audit/src/settings.js';
import { schemas as editorApi } from '../../apps/editor-api/src/settings.js';
import { schemas as fetcher } from '../../apps/fetcher/src/settings.js';
import { schemas as prepare } from '../../apps/prepare/src/settings.js';
import { schemas as projector } from '../../apps/projector/src/settings.js';
import { schemas as readerApi } from '../../apps/reader-api/src/settings.js';

/** The settings of each app, in the order of the page's last column. */
export const apps: Readonly<Record<string, Schemas>> = {
  'editor-api': editorApi,
  projector,
  'reader-api': readerApi,
  fetcher,
  audit,
  prepare,
};

/** All settings, in the order in which the apps list them. */
export const settings: Schemas = Object.assign({}, ...Object.values(apps));

interface Described {
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The bounds that the schema sets. JSON Schema gives every integer the bounds of a safe number, which are left out. */
function allowed({ enum: words, minimum, maximum }: Described): string {
  if (words) return words.map(word => `\`${word}\``).join(', ');
  const least = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? `from ${minimum}` : '';
  const most = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? `to ${maximum}` : '';
  return [least, most].filter(Boolean).join(' ');
}

function row([name, schema]: [string, z.ZodType]): string {
  const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Described;
  const needed = schema.safeParse(undefined).success ? '' : 'must be set';
  const byDefault = described.default === undefined ? needed : `\`${String(described.default)}\``;
  const users = Object.keys(apps).filter(app => name in apps[app]!);
  return `| \`${name}\` | ${described.description ?? ''} | ${allowed(described)} | ${byDefault} | ${users.join(', ')} |`;
}

const secrets = Object.keys(settings).flatMap(name => (isSecret(settings[name]!) ? [`\`${name}\``] : []));

/** The page on settings, generated from the schemas that read them. */
export const settingsPage = (): string =>
  [
    '# Settings',
    '',
    'Every setting is an environment variable. If one is wrong or missing, the process does not start and names it with the allowed values. An empty one counts as',
    `not set. ${secrets.slice(0, -1).join(', ')} and ${secrets.at(-1)} may be kept`,
    'in a file instead, which `DATABASE_URL_FILE` and so on name.',
    'This page is generated from the schemas that read them: `UPDATE_DOCS=1 npm test -- settings` updates it.',
    '',
    '| name | meaning | allowed | default | apps |',
    '|---|---|---|---|---|',
    ...Object.entries(settings).map(row),
    '',
  ].join('\n');
