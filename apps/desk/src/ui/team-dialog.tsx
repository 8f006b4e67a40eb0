import { pathTo } from '#client';
import { useState } from 'preact/hooks';
import { may } from '../acts.js';
import type { EditorApi } from '../api.js';
import type { DeskTeam, Me } from '../contracts.js';
import { isSent } from '../send.js';
import { sendCommand } from '../send-command.js';
import { newKey } from '../use-draft.js';
import { Dialog } from './dialog.js';
import { whyNot } from './form-dialog.js';

type Member = DeskTeam['members'][number];
type Role = Member['role'];

const roles: Readonly<Record<Role, { readonly title: string; readonly may: string }>> = {
  reporter: { title: 'Reporter', may: 'posts, and corrects what they posted' },
  editor: { title: 'Editor', may: 'acts on every post, and on embargoes and key points' },
  chief: { title: 'Chief', may: 'also changes the team and the headline, and closes the story' },
};
const everyRole = Object.keys(roles) as Role[];

function RoleChoice({ label, role, onRole }: { label: string; role: Role; onRole: (role: Role) => void }) {
  return (
    <select aria-label={label} value={role} onChange={event => onRole(event.currentTarget.value as Role)}>
      {everyRole.map(each => (
        <option key={each} value={each}>
          {roles[each].title}
        </option>
      ))}
    </select>
  );
}

interface ListedProps {
  readonly member: Member;
  readonly me: Me;
  /** Undefined where the person may not change the team. */
  readonly onRole: ((role: Role) => void) | undefined;
  readonly onRemove: () => void;
}

function Listed({ member: { id, name, role }, me, onRole, onRemove }: ListedProps) {
  const who = name ?? id;
  return (
    <li>
      <p>
        <strong>{who}</strong> {name !== null && name !== id && <span class="hint">{id}</span>}{' '}
        {id === me.id && <span class="hint">you</span>}
      </p>
      {onRole ? (
        <p class="buttons">
          <RoleChoice {...{ role, onRole }} label={`Role of ${who}`} />
          <button type="button" class="button-quiet" aria-label={`Remove ${who}`} onClick={onRemove}>
            Remove
          </button>
        </p>
      ) : (
        <p class="hint">{roles[role].title}</p>
      )}
    </li>
  );
}

interface AddProps {
  readonly title: string;
  /** The role that the person gets; undefined lets it be chosen. */
  readonly as?: Role;
  readonly onAdd: (member: string, role: Role) => Promise<boolean>;
}

/** Adds a person by how they sign in. */
function Add({ title, as, onAdd }: AddProps) {
  const [member, setMember] = useState('');
  const [role, setRole] = useState<Role>(as ?? 'reporter');
  return (
    <form
      aria-labelledby="add-member"
      onSubmit={event => {
        event.preventDefault();
        void onAdd(member.trim(), role).then(added => added && setMember(''));
      }}
    >
      <h3 id="add-member">{title}</h3>
      <div class="field">
        <label for="member">How they sign in</label>
        <input
          id="member"
          required
          maxLength={200}
          value={member}
          autocomplete="off"
          aria-describedby="member-hint"
          onInput={event => setMember(event.currentTarget.value)}
        />
        <p class="hint" id="member-hint">
          Not their name: what the desk shows them where it refuses this story, and behind their name at the top.
        </p>
      </div>
      <p class="buttons">
        {!as && <RoleChoice {...{ role }} label="Role of the new member" onRole={setRole} />}
        <button class="button-main" disabled={member.trim() === ''}>
          Add
        </button>
      </p>
    </form>
  );
}

interface Props {
  readonly story: string;
  readonly team: DeskTeam | undefined;
  readonly me: Me;
  readonly api: EditorApi;
  readonly onClose: () => void;
}

/** Who may work on the story, and in which role. Chiefs change it; each change holds at once. */
export function TeamDialog({ story, team, me, api, onClose }: Props) {
  const [said, setSaid] = useState('');
  const [error, setError] = useState('');
  const change = async (route: 'members' | 'remove-member', body: object, done: string): Promise<boolean> => {
    setSaid('Sending …');
    setError('');
    const path = pathTo('stories', story, route);
    const reply = await sendCommand({ method: 'POST', path, body, key: newKey() }, api);
    const isDone = isSent(reply);
    setSaid(isDone ? done : '');
    setError(isDone ? '' : 'detail' in reply ? reply.detail : (whyNot(reply) ?? ''));
    return isDone;
  };
  const add = (member: string, role: Role) => change('members', { member, role }, `${member} is in the team.`);
  const changes = may('name-member', me);
  return (
    <Dialog title="Team" onClose={onClose}>
      {!team && <p role="status">Loading the team …</p>}
      {team?.of === 'newsroom' && (
        <>
          <p>This story belongs to the whole newsroom: every editor may act in it, and every reporter may post.</p>
          {changes && (
            <>
              <p>
                If you name a chief, it gets a team: from then on only its members act in it. This cannot be undone.
              </p>
              <Add title="Name the first chief" as="chief" onAdd={add} />
            </>
          )}
        </>
      )}
      {team?.of === 'story' && (
        <>
          <ul class="hint">
            {everyRole.map(role => (
              <li key={role}>
                {roles[role].title}: {roles[role].may}
              </li>
            ))}
          </ul>
          <ul class="headlines" aria-label="Members">
            {team.members.map(member => {
              const who = member.name ?? member.id;
              const set = (role: Role) =>
                change('members', { member: member.id, role }, `${who} is now ${roles[role].title.toLowerCase()}.`);
              return (
                <Listed
                  key={member.id}
                  {...{ member, me }}
                  onRole={changes ? role => void set(role) : undefined}
                  onRemove={() =>
                    void change('remove-member', { member: member.id }, `${who} is no longer in the team.`)
                  }
                />
              );
            })}
          </ul>
          {changes ? (
            <Add title="Add somebody" onAdd={add} />
          ) : (
            <p class="hint">A chief of the story changes the team.</p>
          )}
        </>
      )}
      <p role="status">{said}</p>
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
    </Dialog>
  );
}
