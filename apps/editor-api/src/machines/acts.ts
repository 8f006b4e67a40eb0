import { acts, type Act } from '#domain';

/** The acts that a program's token may be given, each with its title. */
export const machineActs: ReadonlyMap<string, string> = new Map(
  Object.values<Act>(acts)
    .filter(isForMachines)
    .map(({ does, label, summary }) => [does, label ?? summary]),
);

/**
 * Acts within a story that need one person. Proposals and approvals are for people: who made a token could otherwise be both of the two
 * people that such an act needs.
 */
function isForMachines({ does, on, roles }: Act): boolean {
  const within = on === 'story' || on === 'development' || on === 'condition';
  return within && roles.includes('editor') && !roles.includes('legal') && !does.startsWith('propose-');
}
