import { useState } from 'preact/hooks';
import { may } from '../acts.js';
import { Differences } from '../compose/differences.js';
import type { Act, Me, Submission } from '../contracts.js';
import { differences, keyOf, shown } from '../difference.js';
import { at, type Value } from '../form-model/values.js';
import { bylineInWords } from '../kind/byline.js';
import { knownInWords, whenInWords } from '../kind/in-words.js';
import { withoutNulls } from '../shared/save.js';
import type { Progress } from '../send.js';
import { Embargo } from './embargo.js';

const personName = ({ name, id }: { readonly name?: string | undefined; readonly id: string }) => name ?? id;

/** The words by which a list names a submission. */
function wordsOf({ content }: Submission): string {
  const value = withoutNulls(content);
  return String(at(value, ['headline']) ?? at(value, ['body']) ?? 'Its words were taken down.');
}

/** Whether a person may approve it: they may approve in the story, and did not submit it. */
export const mayApprove = ({ by, returned }: Submission, me: Me): boolean =>
  may('approve-submission', me) && by.id !== me.id && returned === null;

interface Props {
  readonly submissions: readonly Submission[];
  readonly acts: readonly Act[];
  readonly me: Me;
  readonly clock: (instant: string) => string;
  /** The story's IANA time zone. */
  readonly zone: string;
  readonly nameOf: (actor: string) => string;
  readonly onSelect: (development: string) => void;
  readonly onAct: (act: Act, development: string, start: Value) => void;
  /** Approves exactly this content; resolves to its outcome. */
  readonly onApprove: (submission: Submission) => Promise<Progress>;
  readonly onCorrect: (development: string) => void;
}

/** Who wrote it, when, and what follows its approval. */
function State({ submission, clock }: { readonly submission: Submission } & Pick<Props, 'clock'>) {
  const { by, submitted, changedBy, embargo } = submission;
  return (
    <p class="hint">
      {personName(by)}, <time dateTime={submitted}>{clock(submitted)}</time>
      {changedBy.id !== by.id && `; changed by ${personName(changedBy)}`}
      {embargo && (
        <>
          ; once approved: <Embargo {...embargo} />
        </>
      )}
    </p>
  );
}

/** The fields that are said in words, and not one by one. */
const saidInWords = new Set(['occurred', 'sourcing', 'modality', 'byline']);

/** The content in fields: the person who approves it has to read all of it. */
function Whole({ content, zone, nameOf }: Pick<Submission, 'content'> & Pick<Props, 'nameOf' | 'zone'>) {
  const value = withoutNulls(content);
  const part = (name: string) => at(value, [name]);
  const fields = differences(undefined, value, undefined)
    // The words count the conditions, and here they are listed.
    .filter(({ path }) => !saidInWords.has(String(path[0])) || path[1] === 'conditions')
    .map(({ path, label, theirs }) => [keyOf(path), label, shown(theirs)] as const);
  const inWords = [
    ['occurred', 'When', whenInWords(part('occurred'), zone)],
    ['sourcing', 'Source', knownInWords(part('sourcing') ?? {}, part('modality') ?? {}, nameOf)],
    ['byline', 'Byline', bylineInWords(part('byline'), undefined)],
  ] as const;
  return (
    <dl class="whole">
      {[...fields, ...inWords].map(([key, label, words]) => (
        <div key={key}>
          <dt>{label}</dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What a colleague changed after this person read the content. */
function Changed({ read, submission }: { readonly read: Submission; readonly submission: Submission }) {
  const [was, now] = [withoutNulls(read.content), withoutNulls(submission.content)];
  const name = personName(submission.changedBy);
  return (
    <section class="conflict" aria-label={`${name} changed it meanwhile`}>
      <h3>{name} changed it meanwhile</h3>
      <Differences found={differences(was, now, was)} names={name} />
      <p class="hint">Nothing was published. If it is right now, approve it again.</p>
    </section>
  );
}

interface DecideProps extends Pick<Props, 'acts' | 'me' | 'onAct'> {
  readonly submission: Submission;
  readonly onApprove: () => void;
}

/** The buttons of a person who may approve it. */
function Decide({ submission, acts, me, onAct, onApprove }: DecideProps) {
  const { development, commit } = submission;
  const sendBack = acts.find(({ act }) => act === 'return-submission');
  if (!mayApprove(submission, me)) return null;
  return (
    <>
      <button type="button" class="button-main" onClick={onApprove}>
        Approve
      </button>
      {sendBack && (
        <button type="button" onClick={() => onAct(sendBack, development, { commit })}>
          Send back …
        </button>
      )}
    </>
  );
}

function One(props: Omit<Props, 'submissions'> & { readonly submission: Submission }) {
  const { submission, acts, me, clock, zone, nameOf, onSelect, onAct, onApprove, onCorrect } = props;
  const { development, returned, by, commit } = submission;
  const [open, setOpen] = useState(mayApprove(submission, me));
  /** What this person had read when the approval was refused because of a change. */
  const [read, setRead] = useState<Submission>();
  const approve = async () => {
    setRead(undefined);
    const outcome = await onApprove(submission);
    if ('reply' in outcome && outcome.reply === 'refused' && outcome.code === 'submission-changed') setRead(submission);
  };
  const changed = read && read.commit !== commit;
  return (
    <li>
      <p>
        <button type="button" class="button-quiet" onClick={() => onSelect(development)}>
          {wordsOf(submission)}
        </button>
      </p>
      <State {...{ submission, clock }} />
      {returned && (
        <p class="meanwhile">
          <span>
            Sent back by {personName(returned.by)}, {clock(returned.at)}: {returned.note ?? 'the note was taken down'}
          </span>
        </p>
      )}
      {changed && <Changed {...{ read, submission }} />}
      {open && <Whole {...{ zone, nameOf }} content={submission.content} />}
      <p class="buttons">
        <Decide {...{ submission, me, onAct }} acts={acts} onApprove={() => void approve()} />
        {(by.id === me.id || may('correct-development', me)) && (
          <button type="button" onClick={() => onCorrect(development)}>
            {by.id === me.id ? 'Revise' : 'Change it'}
          </button>
        )}
        <button type="button" class="button-quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Less' : 'All fields'}
        </button>
      </p>
      {by.id === me.id && !returned && <p class="hint">Readers see it once somebody else approves it.</p>}
    </li>
  );
}

/** What waits for an approval before readers see it, with what this person may do about it. */
export function Submissions({ submissions, ...props }: Props) {
  if (submissions.length === 0) return null;
  return (
    <section class="proposals" aria-labelledby="submissions-title">
      <h2 id="submissions-title">
        Submitted <small>{submissions.length}</small>
      </h2>
      <ul>
        {submissions.map(submission => (
          <One key={submission.development} {...{ submission }} {...props} />
        ))}
      </ul>
    </section>
  );
}
