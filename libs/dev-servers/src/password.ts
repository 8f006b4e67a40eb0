import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The name of the database. */
export const DATABASE = 'dateline';

/** PostgreSQL's password: created once for a data folder, readable only by our user. */
export function passwordOf(dir: string): string {
  const file = join(dir, 'postgres.password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}
