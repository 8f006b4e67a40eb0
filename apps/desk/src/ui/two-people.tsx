import type { HeaderVersion } from '#contract';
import type { KindShapes } from '#pages/parts';
import { AsReadersSeeIt } from '../compose/preview.js';
import type { Act, DeskStory, Me, Proposal, ReadersEntry } from '../contracts.js';
import type { Row } from '../known.js';
import { HeadlineWords } from './headlines.js';
import { groundOf, proposedAct } from './proposals.js';

const destroyed =
  'An approval permanently destroys its text, on every page, in every feed and in the history. Nobody can undo this.';
const withdrawn = 'An approval retracts it: readers see that it existed, and the reason that is given.';

const loosened = 'After an approval one editor alone may do in this story what needs two people now.';
const outcomes: Record<string, string> = {
  ...{ 'propose-takedown': destroyed, 'propose-retraction': withdrawn, 'propose-approvals': loosened },
  ...{ takedown: destroyed, retract: withdrawn, approvals: loosened },
};

/** Explains a proposal: it has no effect until another person approves it. */
export function Proposing({ act, me, outcome }: { act: Pick<Act, 'approvedBy'>; me: Me; outcome: string | undefined }) {
  const roles = Object.entries(act.approvedBy ?? {}).filter(([as]) => me.roles.includes(as));
  const needed = new Set(roles.map(([, needs]) => needs));
  const needs =
    needed.size > 1 ? roles.map(([as, needs]) => `${needs} if you act as ${as}`).join(', ') : [...needed][0];
  return (
    <div class="two-people">
      <p>
        This needs two people. Nothing changes for readers until somebody else, with the role {needs}, approves what you
        propose here.
      </p>
      <p>{outcome}</p>
    </div>
  );
}

/** The entry as it will be after approval. */
function after(held: ReadersEntry, { act, ground, reason, by }: Proposal): ReadersEntry {
  const recorded = new Date().toISOString();
  const entry = { ...held, key: false, pinned: false };
  if (act === 'retract')
    return { ...entry, status: 'retracted', retraction: { reason: reason ?? '', recorded, by: by.name ?? null } };
  const takedown = ground && { ground, position: entry.position, recorded };
  return { ...entry, status: 'taken-down', retraction: null, actors: [], takedown };
}

interface Props {
  readonly proposal: Proposal;
  /** The version of the header, or the key point, that the proposal is about. */
  readonly headline: Pick<HeaderVersion, 'title' | 'summary' | 'takedown'> | undefined;
  readonly row: Row | undefined;
  readonly story: DeskStory;
  readonly kinds: KindShapes;
  readonly clock: (recorded: string) => string;
}

/** What an approval does to what readers see: the words that go, or the entry as it will be. */
function Effect({ proposal, headline, row, story, kinds }: Omit<Props, 'clock'>) {
  if (proposal.act === 'approvals') return null;
  if (proposal.text !== null)
    return (
      <>
        <h3>The words that will be destroyed</h3>
        {headline ? <HeadlineWords {...headline} /> : <p>They are not here. Look for them on the site.</p>}
      </>
    );
  return (
    <>
      <h3>Readers will see</h3>
      {row?.entry ? (
        <AsReadersSeeIt entry={after(row.entry, proposal)} story={story} kinds={kinds} />
      ) : (
        <p>Nothing: they never saw it.</p>
      )}
    </>
  );
}

/** Shows the exact proposal and its effect for readers. */
function Approving({ clock, ...of }: Props) {
  const { proposal } = of;
  const { by, as, recorded, reason, act, corrected } = proposal;
  const ground = groundOf(proposal);
  return (
    <div class="two-people">
      <p>
        {by.name ?? by.id} proposed it as {as} at {clock(recorded)}
        {ground && ` (${ground})`}: {reason}
      </p>
      <p>{outcomes[act]}</p>
      {corrected !== null && (
        <p>Its development was corrected since, at {clock(corrected)}: the takedown destroys the corrected text too.</p>
      )}
      <Effect {...of} />
      <p class="hint">
        You approve exactly this proposal, commit <code>{proposal.proposal.slice(0, 12)}</code>.{' '}
        {act === 'retract' && 'If the development is corrected first, the proposal lapses and nothing happens.'}
      </p>
    </div>
  );
}

/** The explanation before an act that takes two people; nothing for other acts. */
export function TwoPeople({ act, me, proposal, ...around }: { act: Act; me: Me } & Partial<Props>) {
  if (act.act.startsWith('propose-')) return <Proposing act={act} me={me} outcome={outcomes[act.act]} />;
  if (!proposal) return null;
  if (act.act === 'approve') return <Approving {...(around as Omit<Props, 'proposal'>)} proposal={proposal} />;
  return <p class="two-people">{proposedAct(proposal)}: this ends the proposal, and readers never see it.</p>;
}
