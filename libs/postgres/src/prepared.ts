import type { Client, Pool } from './pool.js';

/** The number of each text, as part of the names of its prepared statements. Texts come from this program, so they are few. */
const numbers = new Map<string, number>();

function numberOf(text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size);
  return numbers.size - 1;
}

/**
 * A client whose statements the server parses and plans once for each connection, and not each time: those with parameters. A plan rests on
 * the tables of its first use, so `scope` names them and their size, in at most 50 bytes: another scope gets other plans, see `sizeClass`.
 * Only for texts that do not vary from call to call.
 */
export function preparing(client: Client | Pool, scope: string): Client {
  const query = (text: unknown, values?: unknown): unknown =>
    typeof text === 'string' && Array.isArray(values)
      ? client.query({ name: `${scope} ${numberOf(text)}`, text, values: values as unknown[] })
      : (client.query as (...statement: unknown[]) => unknown)(text, values);
  return { query } as unknown as Client;
}

/** A number that grows by one when `size` has become four times as large: plans for the old size may no longer be good. */
export const sizeClass = (size: number): number => Math.floor(Math.log2(size + 1) / 2);
