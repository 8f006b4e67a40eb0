import getPort, { portNumbers } from 'get-port';

/** Systems give ports from 32,768 on to servers that ask for any port, and to outgoing connections. Browsers refuse port 10,080. */
const [first, last] = [11_000, 32_000];
const tried = 100;

/** A free port: a wished one, else one that the system gives to nobody by chance before its server has started. */
export function freePort(...wished: readonly number[]): Promise<number> {
  const from = first + Math.floor(Math.random() * (last - first - tried));
  return getPort({ port: [...wished, ...portNumbers(from, from + tried)] });
}
