import { settings } from '#platform';
import { z } from 'zod';
import { names as audit } from '../../apps/audit/src/settings.js';
import { names as editorApi } from '../../apps/editor-api/src/settings.js';
import { names as prepare } from '../../apps/prepare/src/settings.js';
import { names as projector } from '../../apps/projector/src/settings.js';
import { names as readerApi } from '../../apps/reader-api/src/settings.js';

const apps: Readonly<Record<string, readonly string[]>> = {
  'editor-api': editorApi,
  projector,
  'reader-api': readerApi,
  audit,
  prepare,
};

interface Described {
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Two ends that a person would set; JSON Schema gives every integer the ends of what a number can hold. */
function allowed({ enum: words, minimum, maximum }: Described): string {
  if (words) return words.map(word => `\`${word}\``).join(', ');
  const least = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? `from ${minimum}` : '';
  const most = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? `to ${maximum}` : '';
  return [least, most].filter(Boolean).join(' ');
}

function row(name: keyof typeof settings): string {
  const described = z.toJSONSchema(settings[name], { io: 'input', unrepresentable: 'any' }) as Described;
  const needed = settings[name].safeParse(undefined).success ? '' : 'must be set';
  const byDefault = described.default === undefined ? needed : `\`${String(described.default)}\``;
  const users = Object.keys(apps).filter(app => apps[app]!.includes(name));
  return `| \`${name}\` | ${described.description ?? ''} | ${allowed(described)} | ${byDefault} | ${users.join(', ')} |`;
}

/** The page on settings, made of the very schemas that read them. */
export const settingsPage = (): string =>
  [
    '# Settings',
    '',
    'Every setting is an environment variable. A wrong or missing one ends the start and is named, with what is allowed; an empty one counts as',
    'not set. `DATABASE_URL`, `KEY_STORE` and `KAFKA_SASL_PASSWORD` may be kept in a file instead, which `DATABASE_URL_FILE` and so on name.',
    'This page is made from the schemas that read them: `UPDATE_DOCS=1 npm test -- settings` writes it anew.',
    '',
    '| name | what it is | allowed | default | apps |',
    '|---|---|---|---|---|',
    ...(Object.keys(settings) as (keyof typeof settings)[]).map(row),
    '',
  ].join('\n');
