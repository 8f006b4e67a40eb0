import { actsOn, may, mayClassify, mayCorrect, mayDo, mayRecapture } from './acts.js';
import { offersOnActors, type DoingOnActors } from './actor-offers.js';
import type { Act, Actor, DeskStory } from './contracts.js';
import { nameOf, type Known, type Row } from './known.js';
import type { Offer } from './ui/palette.js';
import { mayEnd, proposedAct, whyNot } from './ui/proposals.js';
import type { Newsroom } from './use-newsroom.js';

interface Doing extends DoingOnActors {
  readonly write: (kind?: string) => void;
  readonly correct: (row: Row) => void;
  readonly classify: (development: string) => void;
  readonly edit: (development: string) => void;
  /** Undefined where the newsroom captures no pages. */
  readonly recapture: ((development: string) => void) | undefined;
  /** Opens the story's key points. */
  readonly points: () => void;
  readonly act: (act: Act, target: string) => void;
  readonly go: (story: string) => void;
  readonly help: () => void;
  readonly select: (development: string) => void;
  readonly headlines: () => void;
  readonly team: () => void;
  readonly signOut: () => void;
  readonly machines: () => void;
}

/** The acts on the current version of the header. */
function onHeader({ acts }: Newsroom['catalogue'], { story }: Known, me: Newsroom['me'], doing: Doing): Offer[] {
  const { header, title } = story ?? {};
  if (!header) return [];
  return acts
    .filter(act => act.on === 'text' && mayDo(act, me))
    .map(act => ({ id: `text ${act.act}`, label: act.title, detail: title!, onPick: () => doing.act(act, header) }));
}

const onKeyPoints = (me: Newsroom['me'], { points }: Doing): Offer[] =>
  may('set-key-points', me)
    ? [{ id: 'key-points', label: 'What we know: key points', also: ['key points'], onPick: points }]
    : [];

const onLinkedPages = (row: Row, me: Newsroom['me'], detail: string, { recapture }: Doing): Offer[] =>
  recapture && mayRecapture(row, me)
    ? [{ id: 'recapture', label: 'Capture again', detail, onPick: () => recapture(row.development.id) }]
    : [];

/** What is about no story's content. */
const rest = (me: Newsroom['me'], doing: Doing): Offer[] => [
  ...(may('list-machines', me) ? [{ id: 'machines', label: 'Tokens of programs', onPick: doing.machines }] : []),
  { id: 'team', label: 'The team of this story', also: ['Team', 'Members', 'Who may write here'], onPick: doing.team },
  {
    id: 'headlines',
    label: 'Former headlines',
    also: ['Headlines', 'Take down a headline'],
    onPick: doing.headlines,
  },
  { id: 'help', label: 'Keyboard shortcuts', onPick: doing.help },
  { id: 'sign-out', label: 'Sign out', onPick: doing.signOut },
];

/** Lists every action for the command palette. */
export function offersOf(
  { me, catalogue, stories }: Newsroom,
  known: Known,
  rows: readonly Row[],
  actors: ReadonlyMap<string, Actor>,
  row: Row | undefined,
  doing: Doing,
): Offer[] {
  const of = row?.entry?.headline ?? row?.development.kind ?? '';
  const selected = row
    ? [
        ...(mayCorrect(row, me)
          ? [
              { id: 'correct', label: 'Correct', detail: of, onPick: () => doing.correct(row) },
              { id: 'edit', label: 'Minor edit', detail: of, onPick: () => doing.edit(row.development.id) },
            ]
          : []),
        ...(mayClassify(row, me)
          ? [{ id: 'classify', label: 'Classify', detail: of, onPick: () => doing.classify(row.development.id) }]
          : []),
        ...onLinkedPages(row, me, of, doing),
        ...actsOn(row, catalogue.acts, me).map(act => ({
          ...{ id: `act ${act.act}`, label: act.title, detail: of },
          onPick: () => doing.act(act, row.development.id),
        })),
      ]
    : [];
  const writing = catalogue.kinds.map(({ kind, title }) => ({
    ...{ id: `write ${kind}`, label: `Post: ${title}`, also: [title, kind] },
    onPick: () => doing.write(kind),
  }));
  const { status } = known.story ?? {};
  const onStory = catalogue.acts
    .filter(act => act.on === 'story' && mayDo(act, me) && act.act !== (status === 'open' ? 'reopen' : 'close'))
    .map(act => ({ id: `story ${act.act}`, label: act.title, onPick: () => doing.act(act, '') }));
  const conditions = Object.entries(known.conditions)
    .filter(([id]) => !known.settled[id])
    .flatMap(([id, { text }]) =>
      catalogue.acts
        .filter(act => act.on === 'condition' && mayDo(act, me))
        .map(act => ({
          ...{ id: `${act.act} ${id}`, label: `${act.title}: if ${text}`, also: [text, id] },
          onPick: () => doing.act(act, id),
        })),
    );
  const proposals = row ? row.proposals : [];
  const onProposals = proposals.flatMap(proposal =>
    catalogue.acts
      .filter(
        act =>
          act.on === 'proposal' &&
          mayDo(act, me) &&
          (act.act === 'approve' ? !whyNot(proposal, me) : mayEnd(proposal, me)),
      )
      .map(act => ({
        ...{ id: `${act.act} ${proposal.proposal}`, label: `${act.title}: ${proposedAct(proposal)}`, detail: of },
        onPick: () => doing.act(act, proposal.proposal),
      })),
  );
  const others = stories
    .filter(({ id }: DeskStory) => id !== known.story?.id)
    .map(({ id, title }) => ({ id: `go ${id}`, label: `Go to: ${title}`, also: [title], onPick: () => doing.go(id) }));
  const developments = rows.map(found => ({
    ...{ id: `show ${found.development.id}`, label: nameOf(found), detail: 'Show it' },
    onPick: () => doing.select(found.development.id),
  }));
  return [
    ...selected,
    ...writing,
    ...onProposals,
    ...conditions,
    ...onKeyPoints(me, doing),
    ...onStory,
    ...onHeader(catalogue, known, me, doing),
    ...others,
    ...rest(me, doing),
    ...offersOnActors(me, actors.values(), doing),
    ...developments,
  ];
}
