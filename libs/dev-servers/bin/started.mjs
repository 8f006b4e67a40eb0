// `.dateline/env` names the servers of a running newsroom, for `npm run audit`. Programs that start servers must not use these instead.

/** The variable in which that file lists what `npm start` chose: NAME=value, with spaces between. */
const list = 'OF_NPM_START';

/** The environment without what the list has. A value that somebody set afterwards stays. */
export function withoutStarted(env) {
  const listed = new Set(env[list]?.split(' '));
  const isOurs = ([name, value]) => name === list || listed.has(`${name}=${value}`);
  return Object.fromEntries(Object.entries(env).filter(variable => !isOurs(variable)));
}
