// @ts-expect-error kafkajs is plain JavaScript and gives no types for its inner parts.
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

interface Queue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

// kafkajs 2.2.4 checks for pending requests after every answer, with a timer that has a negative delay: Node warns, and each timer sets
// the next one, about a thousand a second on every connection (tulios/kafkajs#1704, #1751). Code that adds a pending request schedules
// the check, so an empty queue needs none.
const queue = (RequestQueue as { prototype: Queue }).prototype;
const schedule = queue.scheduleCheckPendingRequests;
queue.scheduleCheckPendingRequests = function (this: Queue) {
  if (this.pending.length > 0) schedule.call(this);
};
