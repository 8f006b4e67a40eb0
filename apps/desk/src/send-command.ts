import type { EditorApi, Request } from './api.js';
import type { Reply } from './reply.js';

/** How often a command is sent while the newsroom has not settled it. Each answer may take the newsroom's longest time for one. */
const mostSends = 6;

/** Sends a command that is not a draft. While it is in flight, the same command is sent again, which does no harm. */
export async function sendCommand(request: Request, api: Pick<EditorApi, 'send'>, pauseMs = 500): Promise<Reply> {
  for (let sends = 1; ; sends++) {
    const reply = await api.send(request);
    if (reply.reply !== 'pending' || sends === mostSends) return reply;
    await new Promise(resolve => setTimeout(resolve, pauseMs));
  }
}
