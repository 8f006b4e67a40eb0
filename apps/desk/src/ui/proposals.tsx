import { wordsFor } from '#pages/parts';
import type { ComponentChildren } from 'preact';
import { may, meOutside } from '../acts.js';
import type { Act, Actor, ActorProposal, Me, Proposal } from '../contracts.js';
import { nameOf, type Row } from '../known.js';

const { grounds } = wordsFor('en');

/** The proposed act, in words. */
export const proposedAct = ({ act, text }: Proposal): string =>
  ({
    takedown: text === null ? 'Take down' : 'Take down a headline or key point',
    retract: 'Retract',
    approvals: 'Require fewer approvals',
  })[act];

/** A takedown's ground in words; undefined for other acts. */
export const groundOf = ({ ground }: Pick<Proposal, 'ground'>): string | undefined =>
  ground === null ? undefined : grounds[ground];

/** The reason why a person may not approve the proposal; undefined if they may. */
export function whyNot({ by, needs }: Pick<Proposal, 'by' | 'needs'>, me: Me): string | undefined {
  if (by.id === me.id) return `You proposed it. Somebody else with the role ${needs} has to approve it.`;
  return me.roles.includes(needs) ? undefined : `To approve it you need the role ${needs}.`;
}

/** Whether a person may close the proposal without approving it. */
export const mayEnd = ({ by, declines }: Pick<Proposal, 'by' | 'declines'>, me: Me): boolean =>
  by.id === me.id || declines.some(role => me.roles.includes(role));

/** The steps that end a proposal. */
export type Ending = 'approve' | 'withdraw';

interface Props {
  readonly proposals: readonly Proposal[];
  /** The registered actors: the takedown of an entry may wait too. */
  readonly actors: ReadonlyMap<string, Actor>;
  readonly rows: readonly Row[];
  readonly acts: readonly Act[];
  readonly me: Me;
  readonly clock: (recorded: string) => string;
  readonly onAct: (act: Act, proposal: string) => void;
  readonly onActor: (actor: string, step: Ending) => void;
  readonly onSelect: (development: string) => void;
}

/** Selects the proposal's development; renders nothing if there is none. */
function Target({
  proposal: { development },
  rows,
  onSelect,
}: { proposal: Proposal } & Pick<Props, 'rows' | 'onSelect'>) {
  if (development === null) return null;
  const row = rows.find(row => row.development.id === development);
  return (
    <button type="button" class="button-quiet" onClick={() => onSelect(development)}>
      {row ? nameOf(row) : development}
    </button>
  );
}

interface WaitingProps extends Pick<Props, 'me' | 'clock'> {
  readonly proposal: Omit<ActorProposal, 'proposal'>;
  /** What is proposed. */
  readonly what: ComponentChildren;
  /** What changed since. */
  readonly since?: string | undefined;
  /** Absent where the person's roles allow no such step. */
  readonly onApprove: (() => void) | undefined;
  readonly onEnd: (() => void) | undefined;
}

/** One proposal that waits: who proposed it and why, and what this person may do about it. */
function Waiting({ proposal, what, since, me, clock, onApprove, onEnd }: WaitingProps) {
  const { by, as, recorded, reason } = proposal;
  const [ground, not] = [groundOf(proposal), whyNot(proposal, me)];
  return (
    <li>
      <p>{what}</p>
      <p class="hint">
        {by.name ?? by.id}, as {as}, <time dateTime={recorded}>{clock(recorded)}</time>
        {ground && `, ${ground}`}
      </p>
      {reason && <p>{reason}</p>}
      {since && <p class="hint">{since}</p>}
      <p class="buttons">
        {onApprove && !not && (
          <button type="button" onClick={onApprove}>
            Approve
          </button>
        )}
        {onEnd && mayEnd(proposal, me) && (
          <button type="button" onClick={onEnd}>
            {by.id === me.id ? 'Withdraw' : 'Decline'}
          </button>
        )}
      </p>
      {not && <p class="hint">{not}</p>}
    </li>
  );
}

/** The actors whose takedown waits. */
export const waitingActors = (actors: ReadonlyMap<string, Actor>): (Actor & { readonly proposal: ActorProposal })[] =>
  [...actors.values()].flatMap(actor => (actor.proposal ? [{ ...actor, proposal: actor.proposal }] : []));

/** The proposals that wait for a second person, with the acts that this person may perform on them. */
export function Proposals({ proposals, actors, rows, acts, me, clock, onAct, onActor, onSelect }: Props) {
  const [approve, withdraw] = ['approve', 'withdraw'].map(named => acts.find(({ act }) => act === named));
  const ofActors = waitingActors(actors);
  const count = proposals.length + ofActors.length;
  return (
    <section class="proposals" aria-labelledby="proposals-title">
      <h2 id="proposals-title">
        Waiting for a second person <small>{count}</small>
      </h2>
      {count === 0 && <p class="hint">Nothing waits.</p>}
      <ul>
        {proposals.map(proposal => (
          <Waiting
            key={proposal.proposal}
            {...{ proposal, me, clock }}
            what={
              <>
                <strong>{proposedAct(proposal)}</strong> <Target {...{ proposal, rows, onSelect }} />
              </>
            }
            since={
              proposal.corrected === null
                ? undefined
                : `Its development was corrected since, at ${clock(proposal.corrected)}.`
            }
            onApprove={approve && (() => onAct(approve, proposal.proposal))}
            onEnd={withdraw && (() => onAct(withdraw, proposal.proposal))}
          />
        ))}
        {ofActors.map(({ id, name, proposal }) => (
          <Waiting
            key={proposal.proposal}
            {...{ proposal, clock }}
            me={meOutside(me)}
            what={
              <>
                <strong>Take down the name of an actor</strong> <bdi>{name}</bdi>
              </>
            }
            onApprove={may('approve-actor-takedown', me) ? () => onActor(id, 'approve') : undefined}
            onEnd={may('withdraw-actor-takedown', me) ? () => onActor(id, 'withdraw') : undefined}
          />
        ))}
      </ul>
    </section>
  );
}
