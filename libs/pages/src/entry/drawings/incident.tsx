import type { Incident } from '#domain';
import { usePageContext } from '../../page-context.js';
import { spaced } from '../../wording.js';
import { Actor, type DrawingProps, rangeText } from './parts.js';

/** The counts of an incident: each with its range, and with its source if that is not the report's. */
export function IncidentDrawing({ data: { counts }, actors }: DrawingProps<Incident>) {
  const { words, storyLanguage } = usePageContext();
  return (
    <ul class="counts" {...storyLanguage}>
      {counts.map(count => (
        <li key={count.of}>
          <strong>{rangeText(count, words)}</strong> {spaced(count.of)}
          {count.by && (
            <small>
              {words.says} <Actor id={count.by} actors={actors} />
            </small>
          )}
        </li>
      ))}
    </ul>
  );
}
