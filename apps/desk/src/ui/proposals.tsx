import { wordsFor } from '#pages/parts';
import type { Act, Me, Proposal } from '../contracts.js';
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
export const groundOf = ({ ground }: Proposal): string | undefined => (ground === null ? undefined : grounds[ground]);

/** The reason why a person may not approve the proposal; undefined if they may. */
export function whyNot({ by, needs }: Proposal, me: Me): string | undefined {
  if (by.id === me.id) return `You proposed it. Somebody else with the role ${needs} has to approve it.`;
  return me.roles.includes(needs) ? undefined : `To approve it you need the role ${needs}.`;
}

/** Whether a person may close the proposal without approving it. */
export const mayEnd = ({ by, declines }: Proposal, me: Me): boolean =>
  by.id === me.id || declines.some(role => me.roles.includes(role));

interface Props {
  readonly proposals: readonly Proposal[];
  readonly rows: readonly Row[];
  readonly acts: readonly Act[];
  readonly me: Me;
  readonly clock: (recorded: string) => string;
  readonly onAct: (act: Act, proposal: string) => void;
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

/** The proposals that wait for a second person, with the acts that this person may perform on them. */
export function Proposals({ proposals, rows, acts, me, clock, onAct, onSelect }: Props) {
  const [approve, withdraw] = ['approve', 'withdraw'].map(named => acts.find(({ act }) => act === named));
  return (
    <section class="proposals" aria-labelledby="proposals-title">
      <h2 id="proposals-title">
        Waiting for a second person <small>{proposals.length}</small>
      </h2>
      {proposals.length === 0 && <p class="hint">Nothing waits.</p>}
      <ul>
        {proposals.map(proposal => {
          const [ground, not] = [groundOf(proposal), whyNot(proposal, me)];
          const { by, as, recorded, reason, corrected } = proposal;
          return (
            <li key={proposal.proposal}>
              <p>
                <strong>{proposedAct(proposal)}</strong> <Target {...{ proposal, rows, onSelect }} />
              </p>
              <p class="hint">
                {by.name ?? by.id}, as {as}, <time dateTime={recorded}>{clock(recorded)}</time>
                {ground && `, ${ground}`}
              </p>
              {reason && <p>{reason}</p>}
              {corrected !== null && <p class="hint">Its development was corrected since, at {clock(corrected)}.</p>}
              <p class="buttons">
                {approve && !not && (
                  <button type="button" onClick={() => onAct(approve, proposal.proposal)}>
                    Approve
                  </button>
                )}
                {withdraw && mayEnd(proposal, me) && (
                  <button type="button" onClick={() => onAct(withdraw, proposal.proposal)}>
                    {by.id === me.id ? 'Withdraw' : 'Decline'}
                  </button>
                )}
              </p>
              {not && <p class="hint">{not}</p>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
