import { acts, type Act, type Does } from '#domain';

/** What editors call the acts that have a special form at the desk: the catalogue of acts has no label for them. */
const inOwnForms: Readonly<Record<string, string>> = {
  'record-development': 'Post',
  'correct-development': 'Correct',
  'classify-development': 'Classify',
  'copy-edit-development': 'Minor edit',
  'set-key-points': 'Write what we know',
};

/** The acts that a program's token may be given, each with its title. */
export const machineActs: ReadonlyMap<Does, string> = new Map(
  Object.values<Act>(acts)
    .filter(isForMachines)
    .map(({ does, label, summary }) => [does, label ?? inOwnForms[does] ?? summary]),
);

/** The acts that show pictures: a program whose token lists one of them may upload some. */
export const showsPictures: readonly Does[] = ['record-development', 'correct-development'];

/**
 * Acts within a story that need one person. Proposals and approvals are for people: who made a token could otherwise be both of the two
 * people that such an act needs. The team is for people too: a token must not outlive its maker's rights by naming somebody. A program cannot
 * capture pages, so it has none to recapture.
 */
function isForMachines({ does, on, roles }: Act): boolean {
  const within = on === 'story' || on === 'development' || on === 'condition';
  const forPeople =
    roles.includes('legal') || roles.includes('managing') || /^propose-|^recapture-|-(review|submission)$/.test(does);
  return within && roles.includes('editor') && !forPeople;
}
