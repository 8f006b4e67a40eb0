import { useAround } from '../around.js';
import type { ConditionView, ModalityView } from '../view.js';

/** The outcome of a condition. A script updates it wherever `data-condition` names it. */
export function Fate({ id, fate, reason }: ConditionView) {
  const { words } = useAround();
  return (
    <span class={`fate is-${fate ?? 'open'}`} data-condition={id} title={reason ?? undefined}>
      {words.fates[fate ?? 'open']}
    </span>
  );
}

/** Whether it happened at all: a plan, a condition or a denial must never read as a fact. */
export function Modality({ mode, conditions }: ModalityView) {
  const { words, told } = useAround();
  if (mode === 'asserted') return null;
  if (mode !== 'conditional') return <p class={`modality is-${mode}`}>{words.labels[mode]}</p>;
  return (
    <ul class="modality is-conditional">
      {conditions.map((condition, i) => (
        <li key={condition.id}>
          {i === 0 ? words.ifOnly : words.and} <bdi {...told}>{condition.text}</bdi>
          <Fate {...condition} />
        </li>
      ))}
    </ul>
  );
}
