import type { ComponentType } from 'preact';
import { DecisionDrawing } from './decision.js';
import type { DrawingProps } from './parts.js';
import { IncidentDrawing } from './incident.js';
import { ResultDrawing } from './result.js';
import { saysScore, ScoreDrawing } from './score.js';

/** How a kind is drawn that a list of its fields would not show well. */
interface Drawing {
  /** The field without which nothing can be drawn. */
  readonly needs: string;
  /** The fields that the drawing shows; the others are shown as every kind's are. */
  readonly fields: readonly string[];
  /** Whether it is placed before the body, as it is the news itself. */
  readonly first?: true;
  readonly Draw: ComponentType<DrawingProps<never>>;
  /** Whether the drawing says all that this headline does, so that the headline need not be shown above it. */
  readonly says?: (data: never, headline: string) => boolean;
}

const drawings: Readonly<Partial<Record<string, Drawing>>> = {
  result: { needs: 'tally', fields: ['tally', 'state', 'unit', 'counted'], Draw: ResultDrawing },
  decision: { needs: 'decision', fields: ['ruling', 'vote'], Draw: DecisionDrawing },
  incident: { needs: 'counts', fields: ['counts'], Draw: IncidentDrawing },
  score: {
    needs: 'teams',
    fields: ['teams', 'phase', 'minute', 'added', 'scorer', 'how'],
    first: true,
    Draw: ScoreDrawing,
    says: saysScore,
  },
};

/** The drawing of a kind for these data; undefined if a kind has none, and is shown by its schema. */
export const drawingOf = (kind: string, data: Readonly<Record<string, unknown>> | null): Drawing | undefined => {
  const drawing = drawings[kind];
  return drawing && data?.[drawing.needs] !== undefined ? drawing : undefined;
};
