import ipaddr from 'ipaddr.js';
import { CaptureError } from './errors.js';
import { longestAddress } from './limits.js';

/** The part of IPv6 that is given out to networks (RFC 4291, IANA). Whatever is outside is reserved, or translates to IPv4. */
const given = ipaddr.IPv6.parseCIDR('2000::/3');
/** In a public range, yet the machine's own cloud: Azure's address for its agents. */
const alsoPrivate = new Set(['168.63.129.16']);
/** Ranges inside 2000::/3 that are reserved and that ipaddr.js takes for ordinary ones. */
const alsoReserved = ['2001::/23', '3fff::/20'].map(range => ipaddr.IPv6.parseCIDR(range));

/**
 * True of an address that anyone on the internet may be asked at: not loopback, private, link-local, carrier-grade NAT, multicast,
 * documentation, benchmarking or reserved, and none that carries an IPv4 address inside (mapped, NAT64, 6to4, Teredo).
 * An address with a zone is never public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || address.includes('%')) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  if (parsed.kind() === 'ipv4') return !alsoPrivate.has(parsed.toString());
  const six = parsed as ipaddr.IPv6;
  return six.match(given) && !alsoReserved.some(range => six.match(range));
}

/** Names that never mean a host on the internet (RFC 6761, 6762, 7686, 8375, 9476; ICANN's .internal). */
const privateNames =
  /(^|\.)(localhost|local|internal|intranet|lan|home|corp|home\.arpa|localdomain|onion|alt|test|invalid)$/;

/** Ports and addresses that may be asked. */
export interface Reach {
  readonly ports: readonly number[];
  readonly allows: (address: string) => boolean;
}

/**
 * The URL of an address that a person gave, or that a site sent on to. Rejects with a CaptureError what is no public page by its form
 * alone. URL has already turned decimal, octal and hexadecimal hosts into addresses, and other scripts into ASCII.
 */
export function checkedUrl(address: string, reach: Reach, base?: URL): URL {
  const url = address.length > longestAddress ? null : URL.parse(address, base);
  if (!url || !/^https?:$/.test(url.protocol) || url.href.length > longestAddress)
    throw new CaptureError('capture-address');
  if (url.username || url.password) throw new CaptureError('capture-address', 'it has a user name');
  if (!reach.ports.includes(portOf(url))) throw new CaptureError('capture-port');
  checkHost(hostOf(url), reach);
  url.hash = '';
  return url;
}

function checkHost(host: string, { allows }: Reach): void {
  if (ipaddr.isValid(host)) {
    if (!allows(host)) throw new CaptureError('capture-private');
  } else if (!host.includes('.') || host.endsWith('.') || privateNames.test(host))
    throw new CaptureError('capture-address', 'the host is not a public name');
}

/** The host without the brackets of an IPv6 address. */
export const hostOf = ({ hostname }: Pick<URL, 'hostname'>): string => hostname.replace(/^\[(.*)\]$/, '$1');

const portOf = ({ port, protocol }: URL): number => Number(port || (protocol === 'https:' ? 443 : 80));
