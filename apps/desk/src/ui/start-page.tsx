import type { ComponentChildren } from 'preact';

/** The frame of the desk's pages outside a story: that of the readers' pages. */
export function StartPage({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <>
      <header class="masthead">
        <a class="wordmark" href="/desk">
          Dateline
        </a>
        <span class="hint">Desk</span>
      </header>
      <main id="content" class="start">
        <h1 class="title">{title}</h1>
        {children}
      </main>
    </>
  );
}
