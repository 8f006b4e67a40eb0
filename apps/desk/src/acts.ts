import type { DevelopmentRoute } from '#contract';
import type { Act, DeskDevelopment, DeskTeam, Me, Proposal } from './contracts.js';
import { at, type Value } from './form-model/values.js';
import { plainKind } from './kind/defaults.js';
import type { Row } from './known.js';

const live = ({ status }: DeskDevelopment) => status === 'active' || status === 'superseded';

const takesTwo = ({ approvals }: Row) => approvals.includes('retract');
const isOpen = ({ proposals }: Row, act: Proposal['act']) => proposals.some(proposal => proposal.act === act);

/** When the desk offers an act on a development. The editor API makes the final decision. */
const sensible: Record<
  Exclude<DevelopmentRoute, 'correct' | 'classify' | 'edit' | 'recapture'>,
  (row: Row) => boolean
> = {
  retract: row => live(row.development) && !takesTwo(row),
  'propose-retraction': row => live(row.development) && takesTwo(row) && !isOpen(row, 'retract'),
  'propose-takedown': row => row.development.status !== 'taken-down' && !isOpen(row, 'takedown'),
  verify: ({ development }) => live(development) && development.standing !== 'confirmed',
  dispute: ({ development }) => live(development) && development.standing !== 'disputed',
  supersede: ({ development }) => development.status === 'active' && !development.embargo,
  pin: ({ development, pinned }) => live(development) && !pinned && !development.embargo,
  // Only its approval ends the embargo of a submission.
  embargo: ({ development }) => development.embargo !== null && !development.submitted,
  lift: ({ development }) => development.embargo !== null && !development.submitted,
  link: ({ development }) => live(development) && !development.embargo,
  unlink: ({ development }) => (development.links ?? []).length > 0,
  unpin: ({ pinned }) => pinned,
  'mark-key': ({ development }) => live(development) && !development.key,
  // The list of submissions offers these, beside the content that they are about.
  'approve-submission': () => false,
  'return-submission': () => false,
  'unmark-key': ({ development }) => live(development) && development.key,
};

/** The person with their roles and rights in a story; without its team, those in stories of the whole newsroom. */
export const meIn = (me: Me, team: DeskTeam | undefined): Me =>
  team ? { ...me, roles: team.roles, may: team.may, mayOwn: team.mayOwn, tokenRoles: me.roles } : me;

/** The person with their roles outside of a story, as in the registry of actors. */
export const meOutside = (me: Me): Me => ({ ...me, roles: [...(me.tokenRoles ?? me.roles)] });

/** Whether the person may perform the act. `own`: on a development that is still theirs to change. */
export const mayDo = ({ does }: Pick<Act, 'does'>, me: Me, own = false): boolean => may(does, me, own);

/** Whether the person may perform an act, by the id of its operation: for acts that the desk offers without the catalogue. */
export const may = (act: string, me: Me, own = false): boolean =>
  me.may.includes(act) || (own && (me.mayOwn ?? []).includes(act));

/** Whether the person may record developments. */
export const mayWrite = (me: Me): boolean => may('record-development', me);

/** The acts that a person may perform on a development. */
export const actsOn = (row: Row, acts: readonly Act[], me: Me): Act[] =>
  acts.filter(
    act =>
      act.on === 'development' &&
      mayDo(act, me, row.own) &&
      (sensible[act.act as keyof typeof sensible]?.(row) ?? true),
  );

/** Fields that the form omits. It asks for the role only if the person has every role in which the act can be proposed. */
export const unasked = ({ act, approvedBy = {} }: Act, me: Me): readonly string[] =>
  act === 'return-submission'
    ? ['commit']
    : Object.keys(approvedBy).every(role => me.roles.includes(role))
      ? []
      : ['as'];

/** Whether the person may correct a development. */
export const mayCorrect = ({ development, own }: Row, me: Me): boolean =>
  development.status === 'active' && may('correct-development', me, own);

/** Whether a development is a plain update that nobody has given a kind. */
export const isUnclassified = ({ kind, status }: DeskDevelopment): boolean => kind === plainKind && status === 'active';

/** Whether the person may classify a development. */
export const mayClassify = ({ development, own }: Row, me: Me): boolean =>
  isUnclassified(development) && may('classify-development', me, own);

/** Whether the person may keep what the linked pages of a development say now. */
export const mayRecapture = ({ development, entry, content, own }: Row, me: Me): boolean =>
  development.status === 'active' &&
  may('recapture-development', me, own) &&
  [entry?.captures, at(content as Value, ['captures'])].some(
    captures => Array.isArray(captures) && captures.length > 0,
  );

/** The letter that performs an act on the selected development. */
export const letters: Readonly<Record<string, string>> = {
  correct: 'c',
  classify: 't',
  edit: 'm',
  retract: 'r',
  verify: 'v',
  dispute: 'd',
  supersede: 's',
  pin: 'p',
  unpin: 'p',
  'mark-key': 'k',
  'unmark-key': 'k',
  embargo: 'e',
  lift: 'l',
};
