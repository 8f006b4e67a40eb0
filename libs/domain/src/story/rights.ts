import { refuse, type Refusal } from '../errors.js';
import { isSubmitted, type StoryState } from './state.js';
import { memberOf, notInTeam, teamRoles, type TeamRole } from './team.js';

/** The roles of a token that acts ask for. The others only read. */
export const actingRoles = ['reporter', 'editor', 'managing', 'legal'] as const;
/** A role of a token that acts ask for. */
export type ActingRole = (typeof actingRoles)[number];

/** Who may do an act. */
interface Right {
  /** The lowest role in the story's team that may. */
  readonly team?: TeamRole;
  /** The lowest role in the story's team that may where the person recorded the development. */
  readonly own?: TeamRole;
  /** The roles of a token that may in every story. */
  readonly token?: readonly ActingRole[];
  /** The roles of a token that may in a story of the whole newsroom, where that is another rule. */
  readonly withoutTeam?: readonly ActingRole[];
  /** The roles of a token that may, for what is done outside of a story. */
  readonly newsroom?: readonly ActingRole[];
}

/**
 * Who may do what: the one table, by the stored names of acts. The routes, the desk's buttons, the decisions, `verify` and the test of every
 * route follow from it.
 */
export const rights = {
  'open-story': { newsroom: ['editor'] },
  'amend-story': { team: 'chief' },
  'record-development': { team: 'reporter' },
  'correct-development': { team: 'editor', own: 'reporter' },
  'classify-development': { team: 'editor', own: 'reporter' },
  'copy-edit-development': { team: 'editor', own: 'reporter' },
  'recapture-development': { team: 'editor', own: 'reporter' },
  'retract-development': { team: 'editor' },
  'verify-development': { team: 'editor' },
  'dispute-development': { team: 'editor' },
  'supersede-development': { team: 'editor' },
  'pin-development': { team: 'editor' },
  'unpin-development': { team: 'editor' },
  'mark-key': { team: 'editor' },
  'unmark-key': { team: 'editor' },
  'change-embargo': { team: 'editor' },
  'lift-embargo': { team: 'editor' },
  'link-development': { team: 'editor' },
  'unlink-development': { team: 'editor' },
  'propose-retraction': { team: 'editor' },
  'propose-takedown': { team: 'editor', token: ['legal'] },
  'propose-text-takedown': { team: 'editor', token: ['legal'] },
  'approve-proposal': { team: 'editor', token: ['legal'] },
  'withdraw-proposal': { team: 'editor', token: ['legal'] },
  'settle-condition': { team: 'editor' },
  'require-approvals': { token: ['legal'] },
  'propose-approvals': { token: ['legal'] },
  'set-posting-defaults': { team: 'chief' },
  'set-key-points': { team: 'editor' },
  'close-story': { team: 'chief' },
  'reopen-story': { team: 'chief' },
  'name-member': { team: 'chief', token: ['managing'], withoutTeam: ['managing'] },
  'remove-member': { team: 'chief', token: ['managing'], withoutTeam: [] },
  'set-review': { team: 'chief' },
  'submit-development': { team: 'reporter' },
  'approve-submission': { team: 'editor' },
  'return-submission': { team: 'editor' },
  'register-actor': { newsroom: ['editor'] },
  'amend-actor': { newsroom: ['editor'] },
  'propose-actor-takedown': { newsroom: ['editor', 'legal'] },
  'approve-actor-takedown': { newsroom: ['editor', 'legal'] },
  'withdraw-actor-takedown': { newsroom: ['editor', 'legal'] },
  // These are no acts of the log.
  'preview-content': { newsroom: ['reporter', 'editor'] },
  'keep-picture': { team: 'reporter' },
  'begin-upload': { team: 'reporter' },
  'send-part': { team: 'reporter' },
  'finish-upload': { team: 'reporter' },
  'capture-link': { team: 'reporter' },
  'capture-link-again': { team: 'reporter' },
  'see-captured-picture': { team: 'reporter' },
  'keep-draft': { team: 'reporter' },
  'take-over-draft': { team: 'reporter' },
  'hand-over-draft': { team: 'reporter' },
  'discard-draft': { team: 'reporter' },
  'say-presence': { team: 'reporter', token: ['managing', 'legal'] },
  'make-machine': { team: 'editor' },
  'revoke-machine': { team: 'editor' },
  'list-machines': { team: 'editor' },
} as const satisfies Record<string, Right>;

/** The stored name of something that the table gives a right to. */
export type Does = keyof typeof rights;
const rightTo = (does: Does): Right => rights[does];

/** The roles of a token that somebody in a team needs to act as its member. */
const working = ['reporter', 'editor'] as const;

/** The roles of a token with which somebody may do an act somewhere: the first check of a route. */
export const tokenRolesFor = (does: Does): readonly ActingRole[] => {
  const { team, token = [], newsroom = [] } = rightTo(does);
  const may: readonly ActingRole[] = [...(team ? working : []), ...token, ...newsroom];
  return actingRoles.filter(role => may.includes(role));
};

/** Somebody who acts. */
export interface Person {
  readonly id: string;
  /** The roles of the token. */
  readonly roles: readonly string[];
  /** Of a program: who made its token. It has the rights of that person, now, in the story. */
  readonly maker?: string | undefined;
}

const upTo = (role: TeamRole): readonly TeamRole[] => teamRoles.slice(0, teamRoles.indexOf(role) + 1);

/**
 * The roles of a person in one story, and the roles of the token that hold in every story. In a story of the whole newsroom the role
 * `editor` of a token is that of a chief, and `reporter` that of a reporter.
 */
export function rolesIn({ team }: Pick<StoryState, 'team'>, { id, roles, maker }: Person): readonly string[] {
  const works = working.some(role => roles.includes(role));
  const others = roles.filter(role => role !== 'reporter' && role !== 'editor');
  if (!works) return others;
  const role = team ? memberOf(team, maker ?? id)?.role : roles.includes('editor') ? 'chief' : 'reporter';
  return role ? [...others, ...upTo(role)] : others;
}

/** Whether somebody may do this in a story to a development that they recorded. `held`: see `rolesIn`. */
const mayWith = (does: Does, held: readonly string[], isOwn: boolean): boolean => {
  const { team, own, token = [] } = rightTo(does);
  if (token.some(role => held.includes(role))) return true;
  return (team !== undefined && held.includes(team)) || (isOwn && own !== undefined && held.includes(own));
};

/**
 * What somebody may do in a story and outside of stories, by the stored names: to every development, and to those that they recorded.
 */
export function mayIn(
  state: Pick<StoryState, 'team'>,
  person: Person,
): { readonly may: readonly Does[]; readonly mayOwn: readonly Does[] } {
  const held = rolesIn(state, person);
  const all = (Object.keys(rights) as Does[]).filter(does => {
    const { withoutTeam } = rightTo(does);
    return state.team || !withoutTeam || withoutTeam.some(role => held.includes(role));
  });
  return {
    may: all.filter(does => mayWith(does, held, false) || mayOutside(does, person)),
    mayOwn: all.filter(does => mayWith(does, held, true)),
  };
}

const mayOutside = (does: Does, { roles }: Person): boolean =>
  (rightTo(does).newsroom ?? []).some(role => roles.includes(role));

/** Whether the right to this is decided in a story. */
const isInStory = (does: Does): boolean => rightTo(does).newsroom === undefined;

/**
 * Whether a person recorded the development, and may still change it as its reporter: where reporters submit, only until somebody approves
 * it. The act itself refuses one that does not exist.
 */
function isOwn(state: StoryState, development: string | undefined, id: string): boolean {
  if (development === undefined) return false;
  const held = state.developments.get(development);
  if (!held) return true;
  return held.by === id && (state.review !== 'submit' || isSubmitted(state, development));
}

/** Refuses what somebody may not do in a story. Undefined if they may, or if there is no such story. */
export function notAllowedIn(
  state: StoryState,
  does: Does,
  person: Person,
  target: { readonly development?: string; readonly story?: string } = {},
): Refusal | undefined {
  if (state.status === 'none' || !isInStory(does)) return undefined;
  const held = rolesIn(state, person);
  const own = isOwn(state, target.development, person.id);
  if (mayWith(does, held, own)) return undefined;
  if (state.team && !teamRoles.some(role => held.includes(role))) return notInTeam(state.team);
  return refuse('role-needed', {
    allowed: rolesFor(does, state),
    ...(rightTo(does).own && !own && { detail: notOwn }),
  });
}

const notOwn =
  'You may do this to what you recorded, where reporters submit only until it is approved; for the rest it needs another role.';

/** The roles that would allow it. In a story of the whole newsroom the roles of tokens count. */
function rolesFor(does: Does, state: StoryState): readonly string[] {
  const { team, token = [] } = rightTo(does);
  const asked = team && !state.team && team !== 'reporter' ? 'editor' : team;
  return [...(asked ? [asked] : []), ...token];
}

/** The roles of a token that see what no reader sees yet, in every story. */
const seeAll = ['managing', 'legal'] as const;

/** Whether somebody may see what readers of the story may not see yet: its members, and those who see all. */
export function seesUnpublished(state: Pick<StoryState, 'team'>, person: Person): boolean {
  const held = rolesIn(state, person);
  return [...seeAll, state.team ? 'reporter' : 'editor'].some(role => held.includes(role));
}

/** Whether somebody may read at the desk of a story: its members, those who see all, and auditors. */
export const mayEnter = (state: Pick<StoryState, 'team'>, person: Person): boolean =>
  !state.team || seesUnpublished(state, person) || person.roles.includes('auditor');
