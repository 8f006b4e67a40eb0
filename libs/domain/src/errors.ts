/** Every way the domain refuses a command. The code is part of the API and is for ever; the text may improve. */
export const refusals = {
  'invalid-field': 'A field does not hold what is allowed there.',
  'unknown-actor': 'No registered actor has this id, name or alias. Register the actor first.',
  'ambiguous-actor': 'More than one registered actor has this name or alias. Use the id.',
  'unknown-story': 'No story has this id. Open it first.',
  'story-exists': 'A story with this id is open under another title or zone. Choose another id.',
  'story-closed': 'The story is closed. Reopen it to record new developments; corrections are still taken.',
  'unknown-development': 'The story has no development with this id.',
  'development-retracted': 'The development has been retracted; nothing more can be done to it.',
  'development-taken-down':
    'The development has been taken down; its words are destroyed and nothing more can be done to it.',
  'development-superseded': 'The development has been superseded; act on the one that replaced it.',
  'standing-already-so':
    'The development already stands so, and nothing of the check would be kept. Tell of another source by correcting its sourcing.',
  'development-embargoed':
    'The development is under embargo, so nothing that readers are told may name it. Lift it first.',
  'not-embargoed': 'The development is not under embargo: readers can read it.',
  'linked-to-itself': 'A development cannot be linked to itself.',
  'supersedes-itself': 'A development cannot supersede itself, nor one that supersedes it.',
  'unknown-condition': 'No development of the story hangs on this condition.',
  'condition-settled': 'The condition is already settled the other way.',
  'unknown-proposal':
    'No proposal by this commit id is open: it was approved or withdrawn, or what it is about has changed since. Look at it again and propose anew.',
  'proposal-open': 'This is proposed already. Approve that proposal, or withdraw it and propose anew.',
  'approval-needed': 'This story takes two editors for a retraction. Propose it, and let another editor approve it.',
  'second-person-needed': 'Nobody approves their own proposal. Another person has to.',
  'role-needed': 'This takes another role.',
  'loosening-takes-two': 'Taking an act off this list takes two people. Propose it, and let an editor approve it.',
  'nothing-taken-off': 'This takes no act off the list, so one person can do it without a proposal.',
  'former-rules': 'It was decided by rules that no longer hold in this story. Update the program that sent it.',
  'too-many': 'There are as many of these as there may be.',
  'unknown-actor-id': 'No actor has this id. Register it first.',
  'name-taken': 'An alias means one actor alone. Leave it out, or amend that actor.',
  'actor-exists': 'An actor with this id exists with other details. Amend it, or choose another id.',
} as const;

export type RefusalCode = keyof typeof refusals;

/** A decision's "no", as a value. `path` names the field of the command, `allowed` what it may hold. */
export interface Refusal {
  readonly refused: RefusalCode;
  readonly detail: string;
  readonly path?: readonly (string | number)[];
  readonly allowed?: readonly string[];
}

export function refuse(code: RefusalCode, more: Omit<Partial<Refusal>, 'refused'> = {}): Refusal {
  return { refused: code, detail: refusals[code], ...more };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}
