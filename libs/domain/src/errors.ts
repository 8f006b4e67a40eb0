/** Every reason for which the domain refuses a command. The codes are part of the API and never change; the texts may improve. */
export const refusals = {
  'invalid-field': 'A field has an invalid value.',
  'unknown-actor': 'No registered actor has this id, name or alias. Register the actor first.',
  'ambiguous-actor': 'More than one registered actor has this name or alias. Use the id.',
  'unknown-story': 'No story has this id. Open it first.',
  'story-exists': 'A story with this id exists with other details. Choose another id.',
  'story-closed': 'The story is closed. Reopen it to record new developments. Corrections are still possible.',
  'unknown-development': 'The story has no development with this id.',
  'development-retracted': 'The development was retracted and cannot be changed any more.',
  'development-taken-down': 'The development was taken down. Its text is destroyed, and it cannot be changed any more.',
  'development-superseded': 'The development was superseded. Act on the one that replaced it.',
  'already-classified':
    'Only a plain update can be classified, and this development has a kind already. Correct it instead.',
  'not-minor': 'The edit changes more than spelling, grammar or a dead link. Correct the development instead.',
  'standing-already-so':
    'It already has that standing, so your note would be discarded. To add a source, correct the sourcing.',
  'development-embargoed':
    'The development is under embargo, so nothing readers see may refer to it. Lift the embargo first.',
  'not-embargoed': 'The development is not under embargo: readers can read it.',
  'linked-to-itself': 'A development cannot be linked to itself.',
  'supersedes-itself': 'A development cannot supersede itself or one that supersedes it.',
  'unknown-condition': 'No development of the story depends on this condition.',
  'condition-settled': 'The condition was already settled with the opposite outcome.',
  'unknown-proposal':
    'No proposal with this commit id is open: it was approved or withdrawn, or its development changed since. Review the change and propose again.',
  'unknown-text':
    'The story has no sealed text with this id. Titles from before titles were sealed cannot be taken down.',
  'unknown-key-point': 'The story has no key point with this id now. Read the list again.',
  'proposal-open': 'The same proposal is already open. Approve it, or withdraw it and propose again.',
  'approval-needed':
    'Retractions in this story need a second editor. Propose the retraction, and ask another editor to approve it.',
  'second-person-needed': 'You cannot approve your own proposal. Ask another person to approve it.',
  'role-needed': 'This needs another role.',
  'not-in-team': 'You are not in the team of this story. Ask one of its chiefs to add you.',
  'no-team':
    'The story belongs to the whole newsroom, so it has no team to change. A managing editor can give it one by naming its first chief.',
  'last-chief': 'A team needs a chief. Make somebody else a chief first.',
  'review-needed': 'In this story another person approves what reporters write. Submit it instead of posting it.',
  'not-submitted': 'This development does not wait for an approval: it was approved, retracted, or never submitted.',
  'submission-changed':
    'The content has changed since the commit that you name. Read it again, and approve the commit that holds it now.',
  'submission-returned':
    'The submission was sent back to its author. It waits for an approval again once it is revised.',
  'submission-waits': 'The development was submitted, so only its approval shows it to readers. Approve it instead.',
  'loosening-takes-two':
    'Removing an act from this list needs two people. Propose it, and ask an editor to approve it.',
  'nothing-taken-off': 'This removes no act from the list, so it needs no proposal. Set the list directly.',
  'former-rules': 'The command follows approval rules that this story no longer uses. Update the program that sent it.',
  'not-as-signed':
    'The signed command and the events that it gives differ, so nobody could check the signature later. Sign the body as the newsroom records it: name actors by their ids, and write instants as the answer has them.',
  'too-many': 'The limit is reached.',
  'unknown-actor-id': 'No actor has this id. Register it first.',
  'entry-in-clear':
    'The entry is in the log in the clear, from before entries were sealed, and no takedown can destroy it there. Amend it first: the takedown then reaches all that readers can read.',
  'name-taken': 'An alias can name only one actor. Leave it out, or amend that actor.',
  'actor-exists': 'An actor with this id exists with other details. Amend that actor, or choose another id.',
} as const;

/** The code of a refusal. A stored and public name: it never changes. */
export type RefusalCode = keyof typeof refusals;

/** A refusal, as a value. `path` names the field of the command, `allowed` the values that it may have. */
export interface Refusal {
  readonly refused: RefusalCode;
  readonly detail: string;
  readonly path?: readonly (string | number)[];
  readonly allowed?: readonly string[];
}

/** Creates a refusal with the text of its code. */
export function refuse(code: RefusalCode, more: Omit<Partial<Refusal>, 'refused'> = {}): Refusal {
  return { refused: code, detail: refusals[code], ...more };
}

/** Whether a decision's result is a refusal. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}
