/** A series in promtool's notation: its name, and its values minute by minute. */

/** `up{job="a",pod="b"}`, labels sorted: one text a series. */
export const seriesName = (metric: string, labels: Readonly<Record<string, string>>): string =>
  `${metric}{${Object.keys(labels)
    .sort()
    .map((label) => `${label}=${JSON.stringify(labels[label])}`)
    .join(',')}}`;

/**
 * Runs shortened: the inverse of `expand`.
 *
 * @param values a sample a minute; `undefined` where there is none
 */
export function notation(values: readonly (number | undefined)[]): string {
  const parts: string[] = [];
  let start = 0;
  while (start < values.length) {
    const first = values[start];
    let end = start + 1;
    if (first === undefined) {
      while (end < values.length && values[end] === undefined) end++;
      // A series that goes is stale at once, as Prometheus marks it; without the mark it would be seen for five minutes more.
      if (start === 0) parts.push(`_x${end}`);
      else parts.push('stale', ...(end - start > 1 ? [`_x${end - start - 1}`] : []));
    } else {
      const step = (values[end] ?? NaN) - first;
      // `a+bxN` is computed by adding, as here: a run ends where a value is not what promtool would make of it.
      while (end < values.length && values[end] === first + step * (end - start)) end++;
      const steps = end - start - 1;
      if (steps === 0) parts.push(plain(first));
      else if (step === 0) parts.push(`${plain(first)}x${steps}`);
      else parts.push(`${plain(first)}${step < 0 ? '-' : '+'}${plain(Math.abs(step))}x${steps}`);
    }
    start = end;
  }
  return parts.join(' ');
}

const plain = (value: number): string => String(value).replace('e+', 'e');
