import { kindIcons } from '../kinds.js';

/** Every kind's drawing, once, for icons to refer to. */
export const KindIcons = () => (
  <svg class="unseen" aria-hidden="true">
    {kindIcons.map(([kind, path]) => (
      <symbol key={kind} id={`k-${kind}`} viewBox="0 0 24 24">
        <path d={path} />
      </symbol>
    ))}
  </svg>
);
