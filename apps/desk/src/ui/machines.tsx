import { pathTo } from '#client';
import { useEffect, useState } from 'preact/hooks';
import { Unanswered, type EditorApi } from '../api.js';
import type { Machine, Machines, MadeMachine, NewMachine } from '../contracts.js';
import { StartPage } from './start-page.js';

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const minute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const at = (instant: string, format = day) => format.format(Date.parse(instant));
const dayMs = 86_400_000;

/** How long a new token is valid, in days. */
const lifetimes = { '7': 'a week', '30': 'a month', '90': 'three months', '365': 'a year' } as const;

function stateOf({ revoked, expires }: Machine): string {
  if (revoked) return `Revoked on ${at(revoked)}`;
  return Date.parse(expires) < Date.now() ? `Expired on ${at(expires)}` : `Valid until ${at(expires)}`;
}

interface ListedProps {
  readonly machine: Machine;
  readonly titles: ReadonlyMap<string, string>;
  readonly onRevoke: () => void;
}

function Listed({ machine, titles, onRevoke }: ListedProps) {
  const { name, acts, by, made, used, revoked, expires } = machine;
  const ended = revoked !== null || Date.parse(expires) < Date.now();
  return (
    <li>
      <h3>{name}</h3>
      <p>{acts.map(act => titles.get(act) ?? act).join(', ')}</p>
      <p class="hint">
        {stateOf(machine)}. {used ? `Last used ${at(used, minute)}.` : 'Never used.'} Made by {by.name ?? by.id} on{' '}
        {at(made)}.
      </p>
      {!ended && (
        <p class="buttons">
          <button type="button" class="button-quiet" onClick={onRevoke}>
            Revoke {name}
          </button>
        </p>
      )}
    </li>
  );
}

/** Shows a new token, which nobody can see again. */
function Made({ made: { name, token }, onClose }: { made: MadeMachine; onClose: () => void }) {
  return (
    <section aria-labelledby="made-title">
      <h2 id="made-title">The token of {name}</h2>
      <p role="status">Copy it now and give it to the program: it is not shown again.</p>
      <div class="field">
        <label for="made">Token</label>
        <input id="made" readOnly value={token} onFocus={event => event.currentTarget.select()} />
      </div>
      <p class="buttons">
        <button type="button" onClick={onClose}>
          I have copied it
        </button>
      </p>
    </section>
  );
}

interface MakeProps {
  readonly acts: Machines['acts'];
  readonly onMake: (wanted: NewMachine) => Promise<boolean>;
  readonly error: string | undefined;
}

function Make({ acts, onMake, error }: MakeProps) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [days, setDays] = useState('30');
  const toggle = (act: string) =>
    setChosen(chosen => new Set(chosen.has(act) ? [...chosen].filter(other => other !== act) : [...chosen, act]));
  const make = async () => {
    const expires = new Date(Date.now() + Number(days) * dayMs).toISOString();
    if (!(await onMake({ name: name.trim(), acts: [...chosen], expires }))) return;
    setName('');
    setChosen(new Set());
  };
  return (
    <form
      class="wide"
      aria-labelledby="make-title"
      onSubmit={event => {
        event.preventDefault();
        void make();
      }}
    >
      <h2 id="make-title">A new token</h2>
      <div class="field">
        <label for="name">Name of the program</label>
        <input
          id="name"
          required
          maxLength={100}
          value={name}
          aria-describedby="name-hint"
          onInput={event => setName(event.currentTarget.value)}
        />
        <p class="hint" id="name-hint">
          Its posts carry this name as their author.
        </p>
      </div>
      <fieldset class="field">
        <legend class="label">What it may do</legend>
        <div class="choices">
          {acts.map(({ act, title }) => (
            <label key={act} class="check">
              <input type="checkbox" checked={chosen.has(act)} onChange={() => toggle(act)} />
              {title}
            </label>
          ))}
        </div>
      </fieldset>
      <div class="field">
        <label for="days">Valid for</label>
        <select id="days" value={days} onChange={event => setDays(event.currentTarget.value)}>
          {Object.entries(lifetimes).map(([count, words]) => (
            <option key={count} value={count}>
              {words}
            </option>
          ))}
        </select>
      </div>
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      <button class="button-main" disabled={chosen.size === 0 || name.trim() === ''}>
        Make a token
      </button>
    </form>
  );
}

/** The page on which tokens of programs are made, listed and revoked. */
export function MachinesPage({ story, api }: { story: string; api: EditorApi }) {
  const [all, setAll] = useState<Machines>();
  const [made, setMade] = useState<MadeMachine>();
  const [error, setError] = useState<string>();
  const path = pathTo('stories', story, 'machines');
  const failed = ({ message }: Unanswered) => setError(message);
  const load = () => api.get<Machines>(path).then(setAll, failed);
  useEffect(() => void load(), [path]);
  const post = async <Answer,>(path: string, body?: object): Promise<Answer | undefined> => {
    setError(undefined);
    try {
      return await api.post<Answer>(path, body);
    } catch (failure) {
      failed(failure as Unanswered);
      return undefined;
    } finally {
      await load();
    }
  };
  const make = async (wanted: NewMachine) => {
    const made = await post<MadeMachine>(path, wanted);
    if (made) setMade(made);
    return made !== undefined;
  };
  const revoke = ({ id, name }: Machine) => {
    if (confirm(`Revoke the token of ${name}? The program can do nothing from now on.`))
      void post(`${path}/${id}/revoke`);
  };
  const titles = new Map(all?.acts.map(({ act, title }) => [act, title]));
  return (
    <StartPage title="Tokens of programs">
      <p>
        A program, such as a feed of results, posts to <a href={pathTo('desk', story)}>this story</a> with a token. It
        can do only what you choose, in this story alone.
      </p>
      {!all && <p role="status">{error ?? 'Opening …'}</p>}
      {all && made && <Made made={made} onClose={() => setMade(undefined)} />}
      {all && (
        <section aria-labelledby="made-tokens">
          <h2 id="made-tokens">Tokens of this story</h2>
          {all.machines.length === 0 && <p class="notice">No program has a token yet.</p>}
          <ul class="stories">
            {all.machines.map(machine => (
              <Listed key={machine.id} {...{ machine, titles }} onRevoke={() => revoke(machine)} />
            ))}
          </ul>
        </section>
      )}
      {all && !made && <Make acts={all.acts} onMake={make} error={error} />}
    </StartPage>
  );
}
