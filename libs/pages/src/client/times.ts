import {
  clockText,
  dayOf,
  dayText,
  fullText,
  momentText,
  occurredIn,
  occurredText,
  recordedText,
  zonePlace,
  type Times,
} from '../occurred.js';

/** The reader's time zone, according to the browser, and the year that dates leave out. */
export const readersTime = () => ({
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  year: new Date().getFullYear(),
});

/** When the update was posted that holds this time. */
const postedOf = (time: Element) => time.closest('.entry')?.querySelector<HTMLTimeElement>('.posted time')?.dateTime;

/** Rewrites the times on the page, which the server wrote in the story's zone, in the reader's. */
export function localise(root: ParentNode, times: Times): void {
  for (const time of root.querySelectorAll('time')) {
    const { dateTime, dataset } = time;
    const beside = dataset.recorded === 'short' || dataset.occurred ? postedOf(time) : undefined;
    if (dataset.occurred) time.textContent = occurredText(occurredIn(dataset.occurred), times, beside) ?? '';
    else if (dataset.moment !== undefined) time.textContent = momentText(dateTime, times);
    else if (dataset.clock !== undefined) time.textContent = clockText(dateTime, times);
    else if (dataset.recorded !== undefined) time.textContent = recordedText(dateTime, times, beside);
    if (time.title) time.title = fullText(dateTime, times);
  }
  for (const list of root.querySelectorAll('.timeline')) headDays(list, times);
  const note = document.getElementById('zone');
  if (note) note.textContent = times.words.zoneOfReader(zonePlace(times.zone));
}

/** Puts a heading into a list of updates wherever the reader's day changes, and nowhere else. */
export function headDays(list: Element, times: Times): void {
  let day = '';
  for (const item of [...list.children]) {
    const at = item.querySelector<HTMLTimeElement>('.posted time')?.dateTime;
    if (item.className === 'day') item.remove();
    else if (at && dayOf(at, times) !== day) {
      day = dayOf(at, times);
      const heading = document.createElement('li');
      heading.className = 'day';
      const time = document.createElement('time');
      time.dateTime = day;
      time.textContent = dayText(at, times);
      heading.appendChild(document.createElement('h3')).append(time);
      item.before(heading);
    }
  }
}
