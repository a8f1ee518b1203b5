/**
 * A dashboard as Grafana would lay it out, as one SVG: the same panels, queries' results, units, thresholds and colours. For looking
 * at dashboards where Grafana cannot be had.
 */

export interface PictureSeries {
  /** Distinguishes it from its like: what Grafana would write in the legend. */
  readonly name: string;
  /** Seconds since 1970, value. */
  readonly points: readonly (readonly [number, number])[];
}

export interface PicturePanel {
  readonly kind: 'row' | 'stat' | 'timeseries';
  readonly title: string;
  /** Grafana's grid: 24 columns; `h` in units of 30 pixels. */
  readonly place: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly unit: string;
  /** Nothing: nobody was asked, as for lines where there is no Loki. */
  readonly series: readonly PictureSeries[] | undefined;
  readonly steps: readonly { readonly value: number | null; readonly color: string }[];
  /** What a stat says for a value. */
  readonly texts: Readonly<Record<string, string>>;
}

const COLUMN = 50;
const UNIT = 30;
const PALETTE = ['#73bf69', '#5794f2', '#f2cc0c', '#ff9830', '#b877d9', '#37872d', '#1f60c4', '#fa6400'];
const COLOURS: Readonly<Record<string, string>> = { green: '#299c46', orange: '#ed8128', red: '#d44a3a' };

const escape = (text: string): string => text.replace(/[<>&"]/g, (one) => `&#${one.charCodeAt(0)};`);

/** @param range seconds since 1970 */
export function dashboardPicture(
  title: string,
  panels: readonly PicturePanel[],
  range: { readonly from: number; readonly to: number },
): string {
  const bottom = Math.max(...panels.map(({ place }) => place.y + place.h));
  const height = 44 + bottom * UNIT;
  const body = panels.map((panel) => {
    const { x, y, w, h } = panel.place;
    const inner = draw(panel, w * COLUMN - 8, h * UNIT - 8, range);
    return `<g transform="translate(${x * COLUMN + 4},${44 + y * UNIT})">${inner}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="${height}" font-family="DejaVu Sans, sans-serif" font-size="11">`,
    `<rect width="1200" height="${height}" fill="#111217"/>`,
    `<text x="12" y="28" font-size="18" fill="#ccccdc">${escape(title)}</text>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

function draw(panel: PicturePanel, width: number, height: number, range: { from: number; to: number }): string {
  if (panel.kind === 'row')
    return `<text y="18" font-size="13" font-weight="bold" fill="#ccccdc">${escape(panel.title)}</text>`;
  const frame = (fill: string): string =>
    `<rect width="${width}" height="${height}" rx="2" fill="${fill}" stroke="#2c2f38"/>`;
  const heading = `<text x="8" y="17" fill="#ccccdc">${escape(clipped(panel.title, width))}</text>`;
  if (panel.kind === 'stat') {
    const value = Math.max(...(panel.series ?? []).map((one) => one.points.at(-1)?.[1] ?? NaN));
    const colour = panel.steps.filter((one) => one.value === null || value >= one.value).at(-1)?.color ?? 'green';
    const words = Number.isNaN(value) ? 'No data' : (panel.texts[String(value)] ?? formatted(value, panel.unit));
    return `${frame(COLOURS[colour] ?? colour)}${heading}<text x="${width / 2}" y="${height / 2 + 16}" font-size="26" text-anchor="middle" fill="#fff">${escape(words)}</text>`;
  }
  return frame('#181b1f') + heading + plot(panel, width, height, range);
}

const clipped = (text: string, width: number): string => {
  const room = Math.floor((width - 16) / 6.2);
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
};

function plot(
  { series, steps, unit }: PicturePanel,
  width: number,
  height: number,
  range: { from: number; to: number },
): string {
  const nothing = (words: string, colour: string): string =>
    `<text x="${width / 2}" y="${height / 2}" text-anchor="middle" fill="${colour}">${words}</text>`;
  if (series === undefined) return nothing('not asked', '#8e8e99');
  const values = series.flatMap((one) => one.points.map(([, value]) => value)).filter(Number.isFinite);
  const [left, top, right, bottom] = [58, 26, width - 8, height - 22];
  if (values.length === 0) return nothing('No data', '#d44a3a');
  // As Grafana: the axis fits the data, not the threshold, which may lie outside.
  const ticks = ticksOf(Math.min(...values, 0), Math.max(...values));
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  const px = (time: number): number => left + ((time - range.from) / (range.to - range.from)) * (right - left);
  const py = (value: number): number => bottom - ((value - low) / (high - low)) * (bottom - top);
  const parts: string[] = [];
  for (const value of ticks) {
    parts.push(
      `<line x1="${left}" x2="${right}" y1="${round(py(value))}" y2="${round(py(value))}" stroke="#2c2f38"/>`,
      `<text x="${left - 5}" y="${round(py(value) + 4)}" text-anchor="end" fill="#8e8e99" font-size="10">${escape(formatted(value, unit))}</text>`,
    );
  }
  for (let index = 0; index <= 3; index++) {
    const time = range.from + ((range.to - range.from) * index) / 3;
    const clock = new Date(time * 1000).toISOString().slice(11, 16);
    parts.push(
      `<text x="${round(px(time))}" y="${height - 6}" text-anchor="${index === 3 ? 'end' : 'middle'}" fill="#8e8e99" font-size="10">${clock}</text>`,
    );
  }
  steps.forEach(({ value, color }, index) => {
    if (color === 'transparent') return;
    const from = Math.max(low, value ?? -Infinity);
    const to = Math.min(high, steps[index + 1]?.value ?? Infinity);
    if (to > from)
      parts.push(
        `<rect x="${left}" width="${right - left}" y="${round(py(to))}" height="${round(py(from) - py(to))}" fill="${COLOURS[color]}" opacity="0.18"/>`,
      );
    for (const line of [value, steps[index + 1]?.value ?? null])
      if (line !== null && line > low && line < high)
        parts.push(
          `<line x1="${left}" x2="${right}" y1="${round(py(line))}" y2="${round(py(line))}" stroke="${COLOURS[color]}"/>`,
        );
  });
  series.forEach(({ points }, index) => {
    const colour = PALETTE[index % PALETTE.length]!;
    for (const run of runs(points)) {
      const path = run
        .map(([time, value], at) => `${at === 0 ? 'M' : 'L'}${round(px(time))} ${round(py(value))}`)
        .join('');
      parts.push(`<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.2"/>`);
    }
  });
  return parts.join('');
}

/** About four even steps of 1, 2, 2.5 or 5 times a power of ten from low to high, and a little room above the highest value. */
function ticksOf(low: number, high: number): number[] {
  const span = (high === low ? Math.abs(low) || 1 : high - low) * 1.05;
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = power * [1, 2, 2.5, 5, 10].find((one) => one * power * 4 >= span)!;
  const first = Math.floor(low / step);
  const last = Math.ceil((low + span) / step);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** Points without a gap between them: a line does not cross what was not measured. Points on a level are left out. */
function runs(points: PictureSeries['points']): (readonly [number, number])[][] {
  const found: (readonly [number, number])[][] = [];
  points.forEach((point, index) => {
    const before = points[index - 1];
    if (before === undefined || point[0] - before[0] > 150) found.push([]);
    const run = found.at(-1)!;
    const level = run.length >= 2 && run.at(-1)![1] === point[1] && run.at(-2)![1] === point[1];
    if (level) run.pop();
    run.push(point);
  });
  return found;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** A value as Grafana writes it in its unit. */
export function formatted(value: number, unit: string): string {
  const plain = (scaled: number): string => String(Number(scaled.toPrecision(3)));
  switch (unit) {
    case 'percentunit':
      return `${plain(value * 100)} %`;
    case 'bytes': {
      const power = Math.min(4, Math.max(0, Math.floor(Math.log2(Math.abs(value) || 1) / 10)));
      return `${plain(value / 1024 ** power)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`;
    }
    case 's':
      return duration(value);
    case 'ms':
      return duration(value / 1e3);
    case 'µs':
      return duration(value / 1e6);
    case 'h':
      return duration(value * 3600);
    case 'reqps':
      return `${plain(value)} req/s`;
    default:
      return Math.abs(value) >= 1e6
        ? `${plain(value / 1e6)} Mil`
        : Math.abs(value) >= 1e3
          ? `${plain(value / 1e3)} K`
          : plain(value);
  }
}

function duration(seconds: number): string {
  const [size, name] = (
    [
      [86_400, 'd'],
      [3600, 'h'],
      [60, 'min'],
      [1, 's'],
      [1e-3, 'ms'],
    ] as const
  ).find(([unit]) => Math.abs(seconds) >= unit) ?? [1e-6, 'µs'];
  return seconds === 0 ? '0 s' : `${Number((seconds / size).toPrecision(3))} ${name}`;
}
