/** A series in promtool's notation, drawn in one line of text. */
import { samples } from './promtool';

const BARS = '▁▂▃▄▅▆▇█';

/** The values minute by minute; a missing sample is `undefined`. */
export function expand(values: string): (number | undefined)[] {
  return values.split(/\s+/).flatMap((part) => {
    const count = samples(part);
    if (part.startsWith('_') || part === 'stale') return Array.from({ length: count }, () => undefined);
    const counted = /^(-?[\d.e]+)([+-][\d.e]+)x\d+$/.exec(part);
    const first = Number(counted?.[1] ?? /^[^x]+/.exec(part)![0]);
    const step = Number(counted?.[2] ?? 0);
    return Array.from({ length: count }, (_, index) => first + index * step);
  });
}

/** @param width characters; a longer series is thinned out */
export function sparkline(values: string, width = 60): string {
  const all = expand(values);
  const step = Math.max(1, all.length / width);
  const shown = Array.from({ length: Math.min(width, all.length) }, (_, index) => all[Math.floor(index * step)]);
  const known = shown.filter((one): one is number => one !== undefined && Number.isFinite(one));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return shown
    .map((one) => {
      if (one === undefined) return ' ';
      if (!Number.isFinite(one)) return '?';
      return BARS[high === low ? (high === 0 ? 0 : 4) : Math.round(((one - low) / (high - low)) * (BARS.length - 1))];
    })
    .join('');
}
