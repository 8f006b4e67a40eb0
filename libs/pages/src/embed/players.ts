const players = (within: ParentNode) => [...within.querySelectorAll<HTMLMediaElement>('video, audio')];

/**
 * Moves what a reader has begun to play into the new content, if that plays the same files, and so it is not interrupted. Both must happen in
 * one task with showing the content, because a player that is out of the page for longer stops.
 */
export function keepPlayers(shown: ParentNode, content: ParentNode): void {
  const fresh = players(content);
  for (const player of players(shown))
    if (player.currentTime > 0) fresh.find(({ innerHTML }) => innerHTML === player.innerHTML)?.replaceWith(player);
}

/** Puts a link to our page in the place of each player that cannot load its file here: the site’s content security policy may forbid it. */
export function linkWhereForbidden(root: Node, page: string, signal: AbortSignal): void {
  const link = ({ target }: Event) => {
    if (!(target instanceof HTMLSourceElement) || target.nextElementSibling?.matches('source')) return;
    const player = target.closest<HTMLMediaElement>('video, audio');
    const label = player?.getAttribute('aria-label') ?? '';
    const link = document.createElement('a');
    link.href = page;
    if (player instanceof HTMLVideoElement) {
      const { poster, width, height } = player;
      link.append(Object.assign(new Image(width, height), { src: poster, alt: '' }), `Watch: ${label}`);
    } else link.textContent = `Listen: ${label}`;
    player?.replaceWith(link);
  };
  // An error of a source goes no further up, but it comes down by here.
  root.addEventListener('error', link, { capture: true, signal });
}
