import type { Request } from 'express';
import { isIPv6 } from 'node:net';

/**
 * The address for limits per client: the peer of the connection, or the address that a trusted proxy gives in X-Forwarded-For
 * (TRUSTED_PROXIES). An IPv6 address counts by its first 64 bits, as one customer controls the rest.
 */
export function clientAddress({ ip = 'unknown' }: Pick<Request, 'ip'>): string {
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  return v4 ?? (isIPv6(ip) ? networkOf(ip) : ip);
}

/** The first four of the eight groups of an IPv6 address. */
function networkOf(ip: string): string {
  const [head = '', tail] = ip.split('%')[0]!.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  // `::` stands for groups of zeros; a last part in dotted form is two groups.
  const filled = 8 - groups(head).length - groups(tail).length;
  const all =
    tail === undefined
      ? groups(head)
      : [...groups(head), ...Array<string>(Math.max(0, filled)).fill('0'), ...groups(tail)];
  return `${all
    .slice(0, 4)
    .map(group => parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
